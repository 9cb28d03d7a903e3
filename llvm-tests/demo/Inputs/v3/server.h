/*===- server.h - sockets and their events -*- C -*-===*\
|*
|* Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===--------------------------------------------------------------------===*/
#ifndef SERVER_H
#define SERVER_H

#include "session.h"

#include <sys/epoll.h>

#define SESSIONS 32
#define EVENTS 16

struct server {
  int epoll;
  int listener;
  struct session *sessions; /* SESSIONS of them, in main's frame */
  struct session *newest;   /* the list of open sessions */
};

/* Listens on a loopback port, one that is free if `port` is 0. Returns it, or
   -1 with a message. */
int server_open(struct server *server, struct session *sessions, int port);

/* How often there was nothing to do, though a session was open. */
unsigned server_timeouts(void);

/* Closes the sessions that have not spoken for a million rounds. */
void expire_sessions(struct server *server, unsigned long round);

/* Does what the events ask for, in the given round of the main loop. */
void serve_events(struct server *server, unsigned long round, int count,
                  const struct epoll_event *events);

#endif
