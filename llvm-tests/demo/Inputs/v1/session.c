/*===- session.c - one client's input and output -*- C -*-===*\
|*
|* Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===--------------------------------------------------------------------===*/
#include "session.h"
#include "commands.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void session_reply(struct session *session, const char *format, ...) {
  va_list args;
  size_t room = sizeof session->out - session->out_used;
  int length;

  va_start(args, format);
  length = vsnprintf(session->out + session->out_used, room, format, args);
  va_end(args);
  if (length < 0 || (size_t)length + 1 >= room) {
    /* A client that sends and never reads. */
    session->closing = 1;
    return;
  }
  session->out_used += (size_t)length;
  session->out[session->out_used++] = '\n';
}

int session_flush(struct session *session) {
  size_t done = 0;

  while (done < session->out_used) {
    ssize_t n =
        write(session->fd, session->out + done, session->out_used - done);
    if (n < 0) {
      if (errno == EINTR)
        continue;
      if (errno == EAGAIN)
        break;
      return 0;
    }
    done += (size_t)n;
  }
  session->out_used -= done;
  memmove(session->out, session->out + done, session->out_used);
  return !(session->closing && session->out_used == 0);
}

/* Answers the whole lines of the input and keeps the rest. */
static void answer_lines(struct session *session) {
  char *line = session->in;
  char *end = session->in + session->in_used;
  char *newline;

  while (!session->closing &&
         (newline = memchr(line, '\n', (size_t)(end - line)))) {
    *newline = '\0';
    session->requests++;
    execute(session, line);
    line = newline + 1;
  }
  session->in_used = (size_t)(end - line);
  memmove(session->in, line, session->in_used);
}

int session_input(struct session *session) {
  ssize_t n;

  while (!session->closing &&
         (n = read(session->fd, session->in + session->in_used,
                   sizeof session->in - session->in_used)) != 0) {
    if (n < 0) {
      if (errno == EINTR)
        continue;
      return errno == EAGAIN && session_flush(session);
    }
    session->in_used += (size_t)n;
    answer_lines(session);
    if (session->in_used == sizeof session->in) {
      session_reply(session, "ERROR line too long");
      session->closing = 1;
    }
  }
  /* The end of the input, or an order to close. */
  return session->closing && session_flush(session);
}
