;; Unpacks a Snappy block piece by piece; see https://github.com/google/snappy/blob/main/format_description.txt.
;; Input and output lie in one memory, where 80 bytes behind either may be read, and behind the output written.
(module
  (memory (export "memory") 1)
  ;; What each tag says, a number each from address 0 on: the length in its low byte, above it how far the next tag is, above
  ;; that the higher bits of the offset; negative for the rare tags of long literals and of offsets in four bytes.
  ;; The next byte of the input, and of the output.
  (global $at (export "at") (mut i32) (i32.const 0))
  (global $out (export "out") (mut i32) (i32.const 0))
  ;; How much of a literal is still to be copied.
  (global $literal (mut i32) (i32.const 0))

  ;; Goes on until `outEnd` is reached, by a copy perhaps passed by up to 63 bytes, or the input up to `end` is used up but
  ;; for the beginning of an element. Copies reach back to `base` at most. Returns 1 where one would reach further.
  (func (export "unpack") (param $end i32) (param $outEnd i32) (param $base i32) (result i32)
    (local $at i32) (local $out i32) (local $tag i32) (local $length i32) (local $offset i32) (local $from i32) (local $stop i32)
    (local $entry i32)
    (local.set $at (global.get $at))
    (local.set $out (global.get $out))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $out) (local.get $outEnd)))
        ;; Nearly all elements: short ones, far from both ends. What they are cannot be foreseen, so nothing branches on it.
        (if (i32.and (i32.eqz (global.get $literal))
                     (i32.ge_u (i32.sub (local.get $out) (local.get $base)) (i32.const 64)))
          (then
            (block $other
              (loop $short
                (br_if $other (i32.ge_s (i32.add (local.get $at) (i32.const 80)) (local.get $end)))
                (br_if $done (i32.ge_u (local.get $out) (local.get $outEnd)))
                (local.set $tag (i32.load8_u (local.get $at)))
                (local.set $entry (i32.load (i32.shl (local.get $tag) (i32.const 2))))
                (local.set $length (i32.and (local.get $entry) (i32.const 0xff)))
                (local.set $tag (i32.and (local.get $tag) (i32.const 3)))
                (local.set $offset
                  (i32.or (i32.shr_u (local.get $entry) (i32.const 16))
                          (i32.and (i32.load16_u offset=1 (local.get $at))
                                   (select (i32.const 0xff) (i32.const 0xffff) (i32.eq (local.get $tag) (i32.const 1))))))
                (local.set $offset (select (local.get $offset) (i32.const 16) (local.get $tag)))
                (br_if $other (i32.or
                  (i32.lt_s (local.get $entry) (i32.const 0))
                  (i32.gt_u (i32.sub (local.get $offset) (i32.const 16))
                            (i32.sub (i32.sub (local.get $out) (local.get $base)) (i32.const 16)))))
                (local.set $from (select (i32.sub (local.get $out) (local.get $offset))
                                         (i32.add (local.get $at) (i32.const 1)) (local.get $tag)))
                (v128.store (local.get $out) (v128.load (local.get $from)))
                (if (i32.gt_u (local.get $length) (i32.const 16))
                  (then
                    (v128.store offset=16 (local.get $out) (v128.load offset=16 (local.get $from)))
                    (v128.store offset=32 (local.get $out) (v128.load offset=32 (local.get $from)))
                    (v128.store offset=48 (local.get $out) (v128.load offset=48 (local.get $from)))))
                (local.set $at (i32.add (local.get $at)
                  (i32.and (i32.shr_u (local.get $entry) (i32.const 8)) (i32.const 0xff))))
                (local.set $out (i32.add (local.get $out) (local.get $length)))
                (br $short)))))
        (if (global.get $literal)
          (then
            (local.set $length (global.get $literal))
            (if (i32.gt_u (local.get $length) (i32.sub (local.get $end) (local.get $at)))
              (then (local.set $length (i32.sub (local.get $end) (local.get $at)))))
            (if (i32.gt_u (local.get $length) (i32.sub (local.get $outEnd) (local.get $out)))
              (then (local.set $length (i32.sub (local.get $outEnd) (local.get $out)))))
            (memory.copy (local.get $out) (local.get $at) (local.get $length))
            (local.set $at (i32.add (local.get $at) (local.get $length)))
            (local.set $out (i32.add (local.get $out) (local.get $length)))
            (global.set $literal (i32.sub (global.get $literal) (local.get $length)))
            (br_if $next (i32.eqz (global.get $literal)))
            (br $done)))
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $tag (i32.load8_u (local.get $at)))
        ;; A literal.
        (if (i32.eqz (i32.and (local.get $tag) (i32.const 3)))
          (then
            (local.set $length (i32.shr_u (local.get $tag) (i32.const 2)))
            (if (i32.lt_u (local.get $length) (i32.const 60))
              (then
                (local.set $at (i32.add (local.get $at) (i32.const 1)))
                (local.set $length (i32.add (local.get $length) (i32.const 1)))
                (if (i32.and (i32.le_u (local.get $length) (i32.const 16))
                             (i32.le_u (i32.add (local.get $at) (local.get $length)) (local.get $end)))
                  (then
                    (v128.store (local.get $out) (v128.load (local.get $at)))
                    (local.set $at (i32.add (local.get $at) (local.get $length)))
                    (local.set $out (i32.add (local.get $out) (local.get $length)))
                    (br $next)))
                (global.set $literal (local.get $length))
                (br $next)))
            ;; The length stands in one to four bytes behind the tag.
            (local.set $offset (i32.sub (local.get $length) (i32.const 59)))
            (br_if $done (i32.gt_u (i32.add (i32.add (local.get $at) (i32.const 1)) (local.get $offset)) (local.get $end)))
            (global.set $literal (i32.add (i32.const 1)
              (i32.and (i32.load (i32.add (local.get $at) (i32.const 1)))
                       (i32.shr_u (i32.const -1) (i32.sub (i32.const 32) (i32.mul (local.get $offset) (i32.const 8)))))))
            (local.set $at (i32.add (i32.add (local.get $at) (i32.const 1)) (local.get $offset)))
            (br $next)))
        ;; A copy.
        (if (i32.eq (i32.and (local.get $tag) (i32.const 3)) (i32.const 1))
          (then
            (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 2)) (local.get $end)))
            (local.set $length (i32.add (i32.const 4) (i32.and (i32.shr_u (local.get $tag) (i32.const 2)) (i32.const 7))))
            (local.set $offset (i32.or (i32.shl (i32.shr_u (local.get $tag) (i32.const 5)) (i32.const 8))
                                       (i32.load8_u (i32.add (local.get $at) (i32.const 1)))))
            (local.set $at (i32.add (local.get $at) (i32.const 2))))
          (else
            (local.set $length (i32.add (i32.const 1) (i32.shr_u (local.get $tag) (i32.const 2))))
            (if (i32.eq (i32.and (local.get $tag) (i32.const 3)) (i32.const 2))
              (then
                (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 3)) (local.get $end)))
                (local.set $offset (i32.load16_u (i32.add (local.get $at) (i32.const 1))))
                (local.set $at (i32.add (local.get $at) (i32.const 3))))
              (else
                (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 5)) (local.get $end)))
                (local.set $offset (i32.load (i32.add (local.get $at) (i32.const 1))))
                (local.set $at (i32.add (local.get $at) (i32.const 5)))))))
        (if (i32.or (i32.eqz (local.get $offset))
                    (i32.gt_u (local.get $offset) (i32.sub (local.get $out) (local.get $base))))
          (then (return (i32.const 1))))
        (local.set $from (i32.sub (local.get $out) (local.get $offset)))
        (local.set $stop (i32.add (local.get $out) (local.get $length)))
        (if (i32.ge_u (local.get $offset) (i32.const 16))
          (then
            (v128.store (local.get $out) (v128.load (local.get $from)))
            (if (i32.gt_u (local.get $length) (i32.const 16))
              (then
                (loop $wide
                  (local.set $out (i32.add (local.get $out) (i32.const 16)))
                  (local.set $from (i32.add (local.get $from) (i32.const 16)))
                  (v128.store (local.get $out) (v128.load (local.get $from)))
                  (br_if $wide (i32.lt_u (i32.add (local.get $out) (i32.const 16)) (local.get $stop)))))))
          (else
            (loop $narrow
              (i32.store8 (local.get $out) (i32.load8_u (local.get $from)))
              (local.set $out (i32.add (local.get $out) (i32.const 1)))
              (local.set $from (i32.add (local.get $from) (i32.const 1)))
              (br_if $narrow (i32.lt_u (local.get $out) (local.get $stop))))))
        (local.set $out (local.get $stop))
        (br $next)))
    (global.set $at (local.get $at))
    (global.set $out (local.get $out))
    (i32.const 0)))
