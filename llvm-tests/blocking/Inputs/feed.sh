# Updates a program that waits for its input, then gives it a line.
#   feed.sh <upstare-ctl> <program> <patch>
coproc PROGRAM { exec "$2"; }
pid=$PROGRAM_PID
# The shell closes its own ends when the program has ended.
exec 5<&"${PROGRAM[0]}" 6>&"${PROGRAM[1]}"
# It waits when it sleeps.
until [ "$(sed 's/.*) //; s/ .*//' "/proc/$pid/stat")" = S ]; do :; done
"$1" apply "$pid" "$3" >/dev/null
echo "apply: $?"
echo hello >&6
cat <&5
