// Heap structures, strings and standard input and output in the middle of it.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3

#include "Inputs/sweep.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct tree {
  struct tree *left, *right;
  char *key;
  int count;
};

static struct tree *root;
static size_t bytes_used;

static void *allocate(size_t size) {
  bytes_used += size;
  return calloc(1, size);
}

NOINLINE static struct tree *insert(struct tree **where, const char *key) {
  if (!*where) {
    *where = allocate(sizeof **where);
    (*where)->key = allocate(strlen(key) + 1);
    strcpy((*where)->key, key);
  } else {
    int order = strcmp(key, (*where)->key);
    if (order)
      return insert(order < 0 ? &(*where)->left : &(*where)->right, key);
  }
  (*where)->count++;
  return *where;
}

NOINLINE static void print(const struct tree *tree, int depth) {
  if (!tree)
    return;
  print(tree->left, depth + 1);
  printf("%*s%s %d\n", depth, "", tree->key, tree->count);
  print(tree->right, depth + 1);
}

NOINLINE static void release(struct tree *tree) {
  if (!tree)
    return;
  release(tree->left);
  release(tree->right);
  free(tree->key);
  free(tree);
}

NOINLINE static void words(const char *text) {
  char word[32];
  size_t length = 0;
  for (;; text++) {
    if (isalpha((unsigned char)*text) && length < sizeof word - 1) {
      word[length++] = (char)tolower((unsigned char)*text);
      continue;
    }
    word[length] = '\0';
    if (length)
      insert(&root, word);
    length = 0;
    if (!*text)
      break;
  }
}

// Buffered output and errno survive; the descriptor's position does too.
NOINLINE static void files(void) {
  char line[40];
  FILE *file = tmpfile();
  errno = 0;
  for (int i = 0; i < 5; i++) {
    fprintf(file, "line %d\n", i);
    errno = ERANGE + i;
    point();
    mix(errno);
  }
  rewind(file);
  while (fgets(line, sizeof line, file)) {
    point();
    fputs(line, stdout);
  }
  mix(ftell(file));
  fclose(file);
}

static void at_exit(void) {
  point();
  report("at exit");
}

int main(int argc, char **argv, char **environment) {
  (void)argv;
  atexit(at_exit);
  words("The quick brown fox jumps over the lazy dog; the dog sleeps on.");
  print(root, 0);
  mix((long)bytes_used);
  release(root);
  report("tree");
  files();
  report("files");
  if (argc == 1 && environment)
    exit(5);
  return 0;
}
