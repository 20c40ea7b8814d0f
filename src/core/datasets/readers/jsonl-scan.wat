;; Looks through the bytes of JSONL text, 16 at a time, of which all in memory may be read.
(module
  (memory (export "memory") 1)

  ;; Writes to `out` where quotation marks, backslashes and control characters stand from `at` to `end`, a number each;
  ;; returns how many.
  (func (export "marks") (param $at i32) (param $end i32) (param $out i32) (result i32)
    (local $bytes v128) (local $bits i32) (local $first i32) (local $place i32)
    (local.set $first (local.get $out))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $bytes (v128.load (local.get $at)))
        (local.set $bits (i8x16.bitmask (v128.or
          (v128.or (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x22)))
                   (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x5c))))
          (i8x16.lt_u (local.get $bytes) (i8x16.splat (i32.const 0x20))))))
        (if (local.get $bits)
          (then
            (loop $mark
              (local.set $place (i32.add (local.get $at) (i32.ctz (local.get $bits))))
              (br_if $done (i32.ge_u (local.get $place) (local.get $end)))
              (i32.store (local.get $out) (local.get $place))
              (local.set $out (i32.add (local.get $out) (i32.const 4)))
              (local.set $bits (i32.and (local.get $bits) (i32.sub (local.get $bits) (i32.const 1))))
              (br_if $mark (local.get $bits)))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (i32.shr_u (i32.sub (local.get $out) (local.get $first)) (i32.const 2)))

  (func $mix32 (param $mixed i32) (result i32)
    (local.set $mixed (i32.xor (local.get $mixed) (i32.shr_u (local.get $mixed) (i32.const 16))))
    (local.set $mixed (i32.mul (local.get $mixed) (i32.const 0x85ebca6b)))
    (local.set $mixed (i32.xor (local.get $mixed) (i32.shr_u (local.get $mixed) (i32.const 13))))
    (local.set $mixed (i32.mul (local.get $mixed) (i32.const 0xc2b2ae35)))
    (i32.xor (local.get $mixed) (i32.shr_u (local.get $mixed) (i32.const 16))))

  ;; Writes to `out` what `TextHash` makes of an ASCII text of so many bytes: the four lanes, and both halves of the hash of
  ;; this text alone. Returns what the text holds: 1 `@`, 2 `-`, 4 `_`, 8 `A`, 16 `J`, 32 two blanks in a row or one at an end, 64 bytes that are not ASCII.
  (func (export "facts") (param $at i32) (param $length i32) (param $out i32) (result i32)
    (local $end i32) (local $a i32) (local $b i32) (local $c i32) (local $d i32) (local $bytes v128)
    (local $sign v128) (local $hyphen v128) (local $line v128) (local $capital v128) (local $jay v128) (local $blank v128)
    (local $mask v128) (local $all v128) (local $low i32) (local $high i32) (local $number i32) (local $step i32) (local $flags i32) (local $start i32)
    (local.set $start (local.get $at))
    (local.set $end (i32.add (local.get $at) (i32.and (local.get $length) (i32.const -16))))
    (local.set $a (i32.const 0x9e3779b9))
    (local.set $b (i32.const 0x85ebca6b))
    (local.set $c (i32.xor (i32.const 0x9e3779b9) (i32.const -1)))
    (local.set $d (i32.xor (i32.const 0x85ebca6b) (i32.const -1)))
    (block $whole
      (loop $next
        (br_if $whole (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $bytes (v128.load (local.get $at)))
        (local.set $a (i32.mul (i32.xor (i32.rotl (local.get $a) (i32.const 13)) (i32.load (local.get $at))) (i32.const 0x85ebca77)))
        (local.set $b (i32.mul (i32.xor (i32.rotl (local.get $b) (i32.const 13)) (i32.load offset=4 (local.get $at))) (i32.const 0xc2b2ae3d)))
        (local.set $c (i32.mul (i32.xor (i32.rotl (local.get $c) (i32.const 17)) (i32.load offset=8 (local.get $at))) (i32.const 0x85ebca77)))
        (local.set $d (i32.mul (i32.xor (i32.rotl (local.get $d) (i32.const 17)) (i32.load offset=12 (local.get $at))) (i32.const 0xc2b2ae3d)))
        (local.set $all (v128.or (local.get $all) (local.get $bytes)))
        (local.set $sign (v128.or (local.get $sign) (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x40)))))
        (local.set $hyphen (v128.or (local.get $hyphen) (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x2d)))))
        (local.set $line (v128.or (local.get $line) (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x5f)))))
        (local.set $capital (v128.or (local.get $capital) (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x41)))))
        (local.set $jay (v128.or (local.get $jay) (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x4a)))))
        ;; The byte behind the text is the quotation mark at its end.
        (local.set $blank (v128.or (local.get $blank) (v128.and
          (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x20)))
          (i8x16.eq (v128.load offset=1 (local.get $at)) (i8x16.splat (i32.const 0x20))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    ;; Of the last bytes those of the text alone; whole numbers among them go to the first lane.
    (local.set $end (i32.add (local.get $start) (i32.and (local.get $length) (i32.const -4))))
    (local.set $mask (i8x16.lt_u (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
                                 (i8x16.splat (i32.and (local.get $length) (i32.const 15)))))
    (local.set $bytes (v128.and (v128.load (local.get $at)) (local.get $mask)))
    (local.set $all (v128.or (local.get $all) (local.get $bytes)))
    (local.set $sign (v128.or (local.get $sign) (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x40)))))
    (local.set $hyphen (v128.or (local.get $hyphen) (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x2d)))))
    (local.set $line (v128.or (local.get $line) (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x5f)))))
    (local.set $capital (v128.or (local.get $capital) (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x41)))))
    (local.set $jay (v128.or (local.get $jay) (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x4a)))))
    (local.set $blank (v128.or (local.get $blank) (v128.and
      (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x20)))
      (i8x16.eq (v128.load offset=1 (local.get $at)) (i8x16.splat (i32.const 0x20))))))
    (block $words
      (loop $word
        (br_if $words (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $a (i32.mul (i32.xor (i32.rotl (local.get $a) (i32.const 13)) (i32.load (local.get $at))) (i32.const 0x85ebca77)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $word)))
    (i32.store (local.get $out) (local.get $a))
    (i32.store offset=4 (local.get $out) (local.get $b))
    (i32.store offset=8 (local.get $out) (local.get $c))
    (i32.store offset=12 (local.get $out) (local.get $d))
    ;; The lanes, the bytes that are left and the length go into both halves, one after the other.
    (local.set $low (i32.const 0x9e3779b9))
    (local.set $high (i32.const 0x85ebca6b))
    (local.set $end (i32.add (local.get $start) (local.get $length)))
    (block $numbers
      (loop $next
        (if (i32.lt_u (local.get $step) (i32.const 4))
          (then (local.set $number (i32.load (i32.add (local.get $out) (i32.shl (local.get $step) (i32.const 2))))))
          (else
            (if (i32.lt_u (local.get $at) (local.get $end))
              (then
                (local.set $number (i32.load8_u (local.get $at)))
                (local.set $at (i32.add (local.get $at) (i32.const 1))))
              (else
                (br_if $numbers (i32.eq (local.get $step) (i32.const -1)))
                (local.set $number (local.get $length))
                (local.set $step (i32.const -2))))))
        (local.set $low (i32.mul (i32.xor (i32.rotl (local.get $low) (i32.const 13)) (local.get $number)) (i32.const 0x85ebca77)))
        (local.set $high (i32.mul (i32.xor (i32.rotl (local.get $high) (i32.const 17)) (local.get $number)) (i32.const 0xc2b2ae3d)))
        (local.set $step (i32.add (local.get $step) (i32.const 1)))
        (br $next)))
    (i32.store offset=16 (local.get $out) (call $mix32 (i32.xor (local.get $low) (local.get $high))))
    (i32.store offset=20 (local.get $out)
      (call $mix32 (i32.xor (i32.mul (local.get $high) (i32.const 0x27d4eb2f)) (local.get $low))))
    (if (local.get $length)
      (then
        (if (i32.or (i32.eq (i32.load8_u (local.get $start)) (i32.const 0x20))
                    (i32.eq (i32.load8_u (i32.sub (i32.add (local.get $start) (local.get $length)) (i32.const 1))) (i32.const 0x20)))
          (then (local.set $flags (i32.const 32))))))
    (if (i8x16.bitmask (local.get $all)) (then (local.set $flags (i32.or (local.get $flags) (i32.const 64)))))
    (i32.or (local.get $flags)
      (i32.or
        (i32.or (v128.any_true (local.get $sign)) (i32.shl (v128.any_true (local.get $hyphen)) (i32.const 1)))
        (i32.or
          (i32.or (i32.shl (v128.any_true (local.get $line)) (i32.const 2)) (i32.shl (v128.any_true (local.get $capital)) (i32.const 3)))
          (i32.or (i32.shl (v128.any_true (local.get $jay)) (i32.const 4)) (i32.shl (v128.any_true (local.get $blank)) (i32.const 5))))))))
