// Compiled without unwind tables, and without frame pointers.
void without_tables(void (*callback)(void)) {
  volatile char room[100];
  room[0] = 1;
  callback();
  room[1] = room[0];
}
