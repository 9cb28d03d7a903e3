# Usage: where-session.sh CTL PROGRAM PATCH BACK. Drives where.c: at each place the
# update is refused, is asked for again, and is done when the place is left.
ctl=$1
coproc program { exec "$2"; }
pid=$program_PID
patch=$3
back=$4
listen() {
  read -r -t 20 answer <&"${program[0]}"
  echo "$answer"
}
# stay PLACE LEAVE: LEAVE is USR2 or a line.
stay() {
  echo "== $1"
  echo "$1" >&"${program[1]}"
  listen
  "$ctl" --timeout 0.1 apply "$pid" "$patch" 2>&1 | sed "s/\\b$pid\\b/PID/g"
  echo "refused: exit ${PIPESTATUS[0]}"
  "$ctl" --timeout 20 apply "$pid" "$patch" >asked 2>&1 &
  asked=$!
  # By the time that this one has its answer, that one has been noted.
  "$ctl" --timeout 0.1 --json status "$pid" >status
  [ "$2" = USR2 ] && kill -USR2 "$pid" || echo "$2" >&"${program[1]}"
  listen
  wait "$asked"
  echo "asked: exit $?"
  echo after >&"${program[1]}"
  listen
  swap=$patch patch=$back back=$swap
}
stay spin USR2
cat status
stay jump USR2
stay read up
stay "library in handler" up
stay "callback in handler" up
stay "stack of main" USR2
stay "stack in data" USR2
stay "stack on heap" USR2
stay library up
stay counted USR2
echo >&"${program[1]}"
wait "$pid"
echo "exit $?"
