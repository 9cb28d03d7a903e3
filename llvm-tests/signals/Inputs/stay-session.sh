# Usage: stay-session.sh CTL PROGRAM PATCH BACK PLACE:LEAVE…. The program goes to
# each PLACE; there the update is refused, is asked for again, and is done when the
# place is left. LEAVE is USR2 (a signal) or a line. The patches lead there and back.
ctl=$1
coproc program { exec "$2"; }
pid=$program_PID
patch=$3
back=$4
shift 4
listen() {
  read -r -t 20 answer <&"${program[0]}"
  echo "$answer"
}
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
  cat status
  swap=$patch patch=$back back=$swap
}
for place; do
  stay "${place%:*}" "${place##*:}"
done
echo >&"${program[1]}"
wait "$pid"
echo "exit $?"
