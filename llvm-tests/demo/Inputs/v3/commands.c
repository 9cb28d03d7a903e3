/*===- commands.c - what a client may ask -*- C -*-===*\
|*
|* Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===--------------------------------------------------------------------===*/
#include "commands.h"
#include "server.h"
#include "session.h"
#include "store.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void command_function(struct session *session, const char *key,
                              const char *value);

struct command {
  const char *name;
  int arguments;
  command_function *function;
};

static unsigned count; /* requests of all sessions */
static int stopping;

static void command_set(struct session *session, const char *key,
                        const char *value) {
  if (store_set(key, value))
    session_reply(session, "OK");
  else
    session_reply(session, "ERROR full");
}

static void command_get(struct session *session, const char *key,
                        const char *value) {
  const char *found = store_get(key);

  (void)value;
  if (found)
    session_reply(session, "VALUE %s", found);
  else
    session_reply(session, "NOT_FOUND");
}

static void command_incr(struct session *session, const char *key,
                         const char *value) {
  const char *found = store_get(key);
  char *end = "";
  long number = found ? strtol(found, &end, 10) : 0;
  char text[24];

  (void)value;
  if (*end || number == LONG_MAX) {
    session->errors++;
    session_reply(session, "ERROR not a number");
    return;
  }
  snprintf(text, sizeof text, "%ld", number + 1);
  if (store_set(key, text))
    session_reply(session, "VALUE %s", text);
  else
    session_reply(session, "ERROR full");
}

static void command_writes(struct session *session, const char *key,
                           const char *value) {
  (void)value;
  session_reply(session, "WRITES %lu", store_writes(key));
}

static void command_delete(struct session *session, const char *key,
                           const char *value) {
  (void)value;
  session_reply(session, store_delete(key) ? "OK" : "NONE");
}

static void command_count(struct session *session, const char *key,
                          const char *value) {
  (void)key;
  (void)value;
  session_reply(session, "COUNT %u", store_count());
}

static void command_me(struct session *session, const char *key,
                       const char *value) {
  (void)key;
  (void)value;
  session_reply(session, "SESSION id=%lu requests=%u errors=%u round=%lu",
                session->id, session->requests, session->errors,
                session->active);
}

static void command_info(struct session *session, const char *key,
                         const char *value) {
  (void)key;
  (void)value;
  session_reply(session, "kvserver 3 requests=%u timeouts=%u", count,
                server_timeouts());
}

static void command_quit(struct session *session, const char *key,
                         const char *value) {
  (void)key;
  (void)value;
  session_reply(session, "BYE");
  session->closing = 1;
}

static void command_shutdown(struct session *session, const char *key,
                             const char *value) {
  command_quit(session, key, value);
  stopping = 1;
}

static const struct command commands[] = {
    {"SET", 2, command_set},       {"GET", 1, command_get},
    {"INCR", 1, command_incr},     {"WRITES", 1, command_writes},
    {"DELETE", 1, command_delete}, {"COUNT", 0, command_count},
    {"ME", 0, command_me},         {"INFO", 0, command_info},
    {"QUIT", 0, command_quit},     {"SHUTDOWN", 0, command_shutdown},
};

/* Cuts the next word off *rest; "" when there is none. */
static char *next_word(char **rest) {
  char *word = *rest + strspn(*rest, " \r");
  char *end = word + strcspn(word, " \r");

  *rest = *end ? end + 1 : end;
  *end = '\0';
  return word;
}

void execute(struct session *session, char *line) {
  const struct command *command = NULL;
  const char *name = next_word(&line);
  const char *key = "", *value = "";
  size_t i;

  count++;
  for (i = 0; i < sizeof commands / sizeof commands[0]; i++)
    if (strcmp(commands[i].name, name) == 0)
      command = &commands[i];
  if (!command) {
    session->errors++;
    session_reply(session, "ERROR unknown command");
    return;
  }
  if (command->arguments > 0)
    key = next_word(&line);
  if (command->arguments > 1)
    value = next_word(&line);
  if (strlen(key) > KEY_MAX || (command->arguments > 0 && !*key)) {
    session_reply(session, "ERROR bad key");
    return;
  }
  command->function(session, key, value);
}

int stop_requested(void) { return stopping; }
