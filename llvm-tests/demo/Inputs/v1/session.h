/*===- session.h - what the server knows of one client -*- C -*-===*\
|*
|* Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===--------------------------------------------------------------------===*/
#ifndef SESSION_H
#define SESSION_H

#include <stddef.h>

struct session {
  int fd;
  int closing;           /* close once the output is written */
  struct session *older; /* the next one in the list of open sessions */
  unsigned requests;
  unsigned active; /* the round in which it last spoke */
  size_t in_used;
  size_t out_used;
  char in[512];
  char out[2048];
};

/* Reads what has come and answers every whole line. Returns 0 when the session
   is over. */
int session_input(struct session *session);

/* Writes what the socket takes. Returns 0 when the session is over. */
int session_flush(struct session *session);

/* Appends one line to the output. */
void session_reply(struct session *session, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
