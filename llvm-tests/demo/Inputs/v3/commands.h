/*===- commands.h - what a client may ask -*- C -*-===*\
|*
|* Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===--------------------------------------------------------------------===*/
#ifndef COMMANDS_H
#define COMMANDS_H

struct session;

/* Executes one line and replies to it. */
void execute(struct session *session, char *line);

/* Has a client asked the server to stop? */
int stop_requested(void);

#endif
