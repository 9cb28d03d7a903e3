// A library that is not instrumented: calls back until told to stop.
void run_loop(int (*callback)(void)) {
  while (callback())
    ;
}
