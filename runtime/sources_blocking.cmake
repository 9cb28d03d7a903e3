# Blocking calls, signals and control: a part of libupstare.so.
set(UPSTARE_BLOCKING_SOURCES
  blocked_call.cpp
  blocking_calls.cpp
  blocking_calls_plain.cpp
  blocking_calls_poll.cpp
  blocking_calls_receive.cpp
  blocking_calls_send.cpp
  blocking_calls_signals.cpp
  blocking_calls_sleep.cpp
  byte_pieces.cpp
  call_time.cpp
  control.cpp
  signals.cpp
  syscall_window_x86_64.S
  whereabouts.cpp)
