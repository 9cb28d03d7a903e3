# Usage: stuck-session.sh CTL PROGRAM PATCH BACK. Drives stuck.c.
ctl=$1
coproc server { exec "$2"; }
pid=$server_PID
say() {
  echo "$1" >&"${server[1]}"
  read -r -t 20 answer <&"${server[0]}"
  echo "$answer"
}
try() {
  "$ctl" --timeout "$1" $4 apply "$pid" "$2" 2>&1 | sed "s/\\b$pid\\b/PID/g"
  echo "$3: exit ${PIPESTATUS[0]}"
}
say loop
try 1 "$3" text
try 1 "$3" json --json
say "still there"
say up
try 20 "$3" after
say "after loop"
say handler
try 1 "$4" handler
say "still there"
say up
try 20 "$4" after
say "after handler"
say ""
