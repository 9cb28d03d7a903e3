/*===- v2.override.c - what no one can derive -*- C -*-===*\
|*
|* Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===--------------------------------------------------------------------===*/
/* wait_for_events() gets a parameter that it uses after it has waited. A frame of
   v1 has no such value; v1 did not count time-outs, so this wait is quiet. */
void upstare_init_wait_for_events__quiet(
    const struct old_frame_wait_for_events *from,
    struct new_frame_wait_for_events *to, struct upstare_update *update) {
  (void)from;
  (void)update;
  to->quiet = 1;
}
