/*===- main.c - the key-value server -*- C -*-===*\
|*
|* Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===--------------------------------------------------------------------===*/
/* kvserver [PORT]: SET, GET, DELETE … of strings, for clients of this machine.
   Prints the port that it listens on. */
#include "commands.h"
#include "server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned count; /* time-outs */

unsigned server_timeouts(void) { return count; }

/* Waits at most `timeout` milliseconds. Returns the number of events. A
   time-out is counted unless it is `quiet`. */
static int wait_for_events(struct server *server, struct epoll_event *events,
                           long timeout, int quiet) {
  int ready = epoll_wait(server->epoll, events, EVENTS, (int)timeout);

  if (ready < 0 && errno != EINTR)
    perror("kvserver: epoll_wait");
  if (ready == 0 && !quiet)
    count++;
  return ready < 0 ? 0 : ready;
}

int main(int argc, char **argv) {
  struct session sessions[SESSIONS];
  struct epoll_event events[EVENTS];
  struct server server;
  unsigned round = 0;
  int port = server_open(&server, sessions, argc > 1 ? atoi(argv[1]) : 0);

  if (port < 0)
    return 1;
  printf("listening on %d\n", port);
  fflush(stdout);
  while (!stop_requested()) {
    int ready;

    expire_sessions(&server, round);
    ready = wait_for_events(&server, events, 1000, !server.newest);
    round++;
    handle_events(&server, round, ready, events);
  }
  printf("stopped in round %u\n", round);
  return 0;
}
