/*===- store.h - keys and their values -*- C -*-===*\
|*
|* Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===--------------------------------------------------------------------===*/
#ifndef STORE_H
#define STORE_H

#define KEY_MAX 31

/* Returns 0 when the store is full. */
int store_set(const char *key, const char *value);

/* Null when there is no such key. */
const char *store_get(const char *key);

/* Returns 0 when there was no such key. */
int store_delete(const char *key);

unsigned store_count(void);

/* How often the key was set; 0 when there is no such key. */
unsigned long store_writes(const char *key);

#endif
