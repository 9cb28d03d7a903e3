/*===- server.c - sockets and their events -*- C -*-===*\
|*
|* Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===--------------------------------------------------------------------===*/
#define _GNU_SOURCE /* accept4 */
#include "server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel keeps a session's number, not its address. */
#define LISTENER SESSIONS

static int watch(struct server *server, int fd, unsigned number) {
  struct epoll_event event;

  memset(&event, 0, sizeof event);
  event.events = number == LISTENER ? EPOLLIN : EPOLLIN | EPOLLOUT | EPOLLET;
  event.data.u32 = number;
  return epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event);
}

int server_open(struct server *server, struct session *sessions, int port) {
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  int i;

  memset(sessions, 0, SESSIONS * sizeof *sessions);
  for (i = 0; i < SESSIONS; i++)
    sessions[i].fd = -1;
  server->sessions = sessions;
  server->newest = NULL;
  server->epoll = epoll_create1(0);
  server->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons((unsigned short)port);
  if (server->epoll < 0 || server->listener < 0 ||
      bind(server->listener, (struct sockaddr *)&address, length) != 0 ||
      listen(server->listener, SESSIONS) != 0 ||
      watch(server, server->listener, LISTENER) != 0 ||
      getsockname(server->listener, (struct sockaddr *)&address, &length) !=
          0) {
    perror("kvserver");
    return -1;
  }
  return ntohs(address.sin_port);
}

static void open_session(struct server *server) {
  int fd = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK);
  int i;

  if (fd < 0)
    return;
  for (i = 0; i < SESSIONS; i++) {
    struct session *session = &server->sessions[i];
    if (session->fd < 0) {
      memset(session, 0, sizeof *session);
      session->fd = fd;
      session->older = server->newest;
      server->newest = session;
      if (watch(server, fd, (unsigned)i) == 0)
        return;
      server->newest = session->older;
      session->fd = -1;
      break;
    }
  }
  close(fd);
}

static void close_session(struct server *server, struct session *session) {
  struct session **link = &server->newest;

  while (*link != session)
    link = &(*link)->older;
  *link = session->older;
  close(session->fd);
  session->fd = -1;
}

static void handle_event(struct server *server, const struct epoll_event *event,
                         unsigned round) {
  struct session *session;
  int open = 1;

  if (event->data.u32 == LISTENER) {
    open_session(server);
    return;
  }
  session = &server->sessions[event->data.u32];
  if (session->fd < 0)
    return;
  session->active = round;
  if (event->events & EPOLLOUT)
    open = session_flush(session);
  if (open && (event->events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
    open = session_input(session);
  if (!open)
    close_session(server, session);
}

void handle_events(struct server *server, const struct epoll_event *events,
                   int count, unsigned round) {
  int i;

  for (i = 0; i < count; i++)
    handle_event(server, &events[i], round);
}
