/*===- store.c - keys and their values: a chained hash table -*- C -*-===*\
|*
|* Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===--------------------------------------------------------------------===*/
#include "store.h"

#include <stdlib.h>
#include <string.h>

#define CAPACITY 1024
#define BUCKETS 64

struct entry {
  struct entry *next; /* in its bucket, or in the free list */
  char key[KEY_MAX + 1];
  char *value; /* from malloc */
};

static struct entry table[CAPACITY];
static struct entry *buckets[BUCKETS];
static struct entry *free_entries;
static unsigned fresh; /* entries of the table that were never used */
static unsigned count;

/* The link that points to the key's entry, or the last one of its bucket. */
static struct entry **find(const char *key) {
  struct entry **link;
  unsigned hash = 5381;
  const char *c;

  for (c = key; *c; c++)
    hash = hash * 33 + (unsigned char)*c;
  link = &buckets[hash % BUCKETS];
  while (*link && strcmp((*link)->key, key) != 0)
    link = &(*link)->next;
  return link;
}

static struct entry *new_entry(void) {
  struct entry *entry = free_entries;

  if (entry)
    free_entries = entry->next;
  else if (fresh < CAPACITY)
    entry = &table[fresh++];
  return entry;
}

int store_set(const char *key, const char *value) {
  struct entry **link = find(key);
  struct entry *entry = *link;
  char *copy = strdup(value);

  if (!copy)
    return 0;
  if (!entry) {
    entry = new_entry();
    if (!entry) {
      free(copy);
      return 0;
    }
    memset(entry, 0, sizeof *entry);
    strncpy(entry->key, key, KEY_MAX);
    *link = entry;
    count++;
  }
  free(entry->value);
  entry->value = copy;
  return 1;
}

const char *store_get(const char *key) {
  struct entry *entry = *find(key);

  return entry ? entry->value : NULL;
}

int store_delete(const char *key) {
  struct entry **link = find(key);
  struct entry *entry = *link;

  if (!entry)
    return 0;
  *link = entry->next;
  free(entry->value);
  entry->value = NULL;
  entry->next = free_entries;
  free_entries = entry;
  count--;
  return 1;
}

unsigned store_count(void) { return count; }
