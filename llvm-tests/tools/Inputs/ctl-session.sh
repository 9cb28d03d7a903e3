# What an operator may do to one program, and what goes wrong. The program is
# asked after every step whether it still answers.
#   ctl-session.sh <upstare-ctl> <version 1> <patch 1 to 2> <other patch>
ctl=$1 program=$2 patch=$3 other=$4

coproc SERVER { exec "$program"; }
pid=$SERVER_PID
# The shell closes its own ends when the program has ended.
exec 5<&"${SERVER[0]}" 6>&"${SERVER[1]}"
eval "exec ${SERVER[1]}>&-"

talk() {
  echo "$*" >&6
  read -r -t 60 reply <&5 || reply="no reply"
  echo "server: $reply"
}
step() {
  echo "== $*"
}
run() {
  "$@" 2>&1 | sed "s/$pid/PID/g"
  echo "exit ${PIPESTATUS[0]}"
}

talk hello
step list
"$ctl" list | grep -c "^ *$pid "
"$ctl" --json list | grep -c "\"pid\":$pid,\"program\":"
step status
run "$ctl" status "$pid"
run "$ctl" --json status "$pid"

step usage
for arguments in "" "frob" "status" "status x" "apply $pid" "status 1 2" \
  "--timeout x status $pid" "--frob list" "check $pid $program.missing"; do
  # shellcheck disable=SC2086
  "$ctl" $arguments >/dev/null 2>&1
  echo "exit $? for: ${arguments//$pid/PID}" | sed "s|$program|PROGRAM|"
done
run "$ctl" --json check "$pid" "$program.missing" | sed "s|$program|PROGRAM|"

step no such process
# The shell itself runs, without the runtime.
run "$ctl" status $$ | sed "s/$$/SHELL/"
run "$ctl" status 4194304
talk still there

step bad files
head -c 3000 "$patch" >truncated
head -c 64 "$patch" >short
echo text >text
cp "$patch" writable && chmod 666 writable
for file in text short truncated "$program" writable "$other" .; do
  run "$ctl" check "$pid" "$file"
  "$ctl" apply "$pid" "$file" >/dev/null 2>&1
  echo "apply: exit $?"
done
talk still there

step forged requests
signal=$(($(kill -l SIGRTMAX) - 1))
kill -$signal "$pid"
"$(type -P kill)" -q 12345 -s $signal "$pid"
talk still there
run "$ctl" status "$pid" | grep updates

step stopped
kill -STOP "$pid"
run "$ctl" --timeout 0.3 status "$pid"
kill -CONT "$pid"
talk still there

step several tools at once
for i in 1 2 3 4 5; do "$ctl" status "$pid" >"status$i" & tools="$tools $!"; done
# shellcheck disable=SC2086
wait $tools
cat status[1-5] | grep -c "^updates     0"

step checked again and again
for i in 1 2 3 4 5 6 7 8; do
  "$ctl" check "$pid" "$patch" >/dev/null
  wc -l <"/proc/$pid/maps"
done | tail -5 | uniq | wc -l

step not now
talk qsort
run "$ctl" --timeout 0.3 apply "$pid" "$patch" | head -1
talk unsorted

step check and apply
run "$ctl" check "$pid" "$patch"
talk still version 1
run "$ctl" --json apply "$pid" "$patch"
talk now version 2
run "$ctl" status "$pid"

step twice
run "$ctl" apply "$pid" "$patch"
talk still version 2
ls "/proc/$pid/task" | wc -l
ls -l "/proc/$pid/fd" | grep -c 'socket\|memfd'

exec 6>&-
read -r -t 60 reply <&5
echo "server: $reply"
wait "$pid"
echo "exit $?"
