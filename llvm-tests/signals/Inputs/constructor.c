// Calls the program when it is loaded.
void on_constructor(void);
__attribute__((constructor)) static void start(void) {
  on_constructor();
  __asm__ volatile(""); // no jump
}
