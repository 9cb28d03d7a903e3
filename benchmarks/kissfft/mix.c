/*===- mix.c - a C program that can be measured after an update ---*- C -*-===*\
|*
|* Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===----------------------------------------------------------------------===*/
/* mix ROUNDS: sorting, hashing, matrices, strings, trees and an interpreter of
   small programs, with calls, pointers to functions and global state. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long word;

static word random_state = 88172645463325252u;
static word next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
}

enum { COUNT = 4096, SIDE = 48, CODE = 64 };

static unsigned numbers[COUNT];

static void quick_sort(unsigned *values, long count) {
  while (count > 16) {
    unsigned pivot = values[count / 2];
    long i = 0, j = count - 1;
    while (i <= j) {
      while (values[i] < pivot)
        i++;
      while (values[j] > pivot)
        j--;
      if (i <= j) {
        unsigned t = values[i];
        values[i++] = values[j];
        values[j--] = t;
      }
    }
    quick_sort(values, j + 1);
    values += i;
    count -= i;
  }
  for (long i = 1; i < count; i++) {
    unsigned value = values[i];
    long j = i;
    for (; j > 0 && values[j - 1] > value; j--)
      values[j] = values[j - 1];
    values[j] = value;
  }
}

static word sorting(void) {
  word sum = 0;
  for (int i = 0; i < COUNT; i++)
    numbers[i] = (unsigned)next_random();
  quick_sort(numbers, COUNT);
  for (int i = 0; i < COUNT; i += 64)
    sum = sum * 31 + numbers[i];
  return sum;
}

static double a[SIDE][SIDE], b[SIDE][SIDE], c[SIDE][SIDE];

static word matrices(void) {
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++) {
      a[i][j] = (double)(next_random() & 255);
      b[i][j] = (double)(next_random() & 255);
      c[i][j] = 0;
    }
  for (int i = 0; i < SIDE; i++)
    for (int k = 0; k < SIDE; k++)
      for (int j = 0; j < SIDE; j++)
        c[i][j] += a[i][k] * b[k][j];
  return (word)c[7][11];
}

struct node {
  struct node *left, *right;
  unsigned key;
};

static struct node *insert(struct node *tree, struct node *node) {
  if (!tree)
    return node;
  if (node->key < tree->key)
    tree->left = insert(tree->left, node);
  else
    tree->right = insert(tree->right, node);
  return tree;
}

static word depth_sum(const struct node *tree, unsigned depth) {
  if (!tree)
    return 0;
  return depth + depth_sum(tree->left, depth + 1) +
         depth_sum(tree->right, depth + 1);
}

static word trees(void) {
  struct node *nodes = calloc(512, sizeof *nodes), *root = NULL;
  word sum;
  for (int i = 0; i < 512; i++) {
    nodes[i].key = (unsigned)next_random();
    root = insert(root, &nodes[i]);
  }
  sum = depth_sum(root, 1);
  free(nodes);
  return sum;
}

static word strings(void) {
  char text[256];
  word hash = 5381;
  for (int i = 0; i < 60; i++) {
    int length = snprintf(text, sizeof text, "%lx-%d-%s", next_random(), i,
                          i & 1 ? "odd" : "even");
    for (int j = 0; j < length; j++)
      hash = hash * 33 + (unsigned char)text[j];
    hash += strlen(text) + (strchr(text, 'f') != NULL);
  }
  return hash;
}

static word op_add(word x, word y) { return x + y; }
static word op_xor(word x, word y) { return x ^ y; }
static word op_mul(word x, word y) { return x * (y | 1); }
static word op_rotate(word x, word y) {
  return x << (y & 31) | x >> (63 - (y & 31));
}
static word (*const operations[])(word, word) = {op_add, op_xor, op_mul,
                                                 op_rotate};

static word interpret(void) {
  unsigned char code[CODE];
  word x = 1;
  for (int i = 0; i < CODE; i++)
    code[i] = (unsigned char)next_random();
  for (int steps = 0, pc = 0; steps < 20000; steps++) {
    unsigned char op = code[pc];
    x = operations[op & 3](x, op >> 2);
    pc = (pc + 1 + (int)(x & 1)) % CODE;
  }
  return x;
}

int main(int argc, char **argv) {
  long rounds = argc > 1 ? atol(argv[1]) : 10;
  word sum = 0;
  for (long i = 0; i < rounds; i++) {
    sum = sum * 3 + sorting();
    sum = sum * 5 + matrices();
    sum = sum * 7 + trees();
    sum = sum * 11 + strings();
    sum = sum * 13 + interpret();
  }
  printf("%016lx\n", sum);
  return 0;
}
