;; Looks through the bytes of texts, 16 at a time, of which all in memory may be read. What is found out of a text is written
;; as nine numbers: the four lanes that `TextHash` makes of an ASCII text, both halves of the hash of this text alone, what
;; it holds, and where it begins and ends.
(module
  (memory (export "memory") 1)

  (func $mix32 (param $mixed i32) (result i32)
    (local.set $mixed (i32.xor (local.get $mixed) (i32.shr_u (local.get $mixed) (i32.const 16))))
    (local.set $mixed (i32.mul (local.get $mixed) (i32.const 0x85ebca6b)))
    (local.set $mixed (i32.xor (local.get $mixed) (i32.shr_u (local.get $mixed) (i32.const 13))))
    (local.set $mixed (i32.mul (local.get $mixed) (i32.const 0xc2b2ae35)))
    (i32.xor (local.get $mixed) (i32.shr_u (local.get $mixed) (i32.const 16))))

  ;; What a text holds: 1 `@`, 2 `-`, 4 `_`, 8 `A`, 16 `J`, 32 two blanks in a row, one at an end, or another blank than a
  ;; space, 64 bytes that are not ASCII, 128 nothing but blanks, or the begin of a list or structure of JSON.
  (func $facts (param $at i32) (param $length i32) (param $out i32)
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
        ;; The byte behind the text may be anything: it only counts where the last one is a blank.
        (local.set $blank (v128.or (local.get $blank) (v128.or
          (i8x16.lt_u (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 9))) (i8x16.splat (i32.const 5)))
          (v128.and
            (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x20)))
            (i8x16.eq (v128.load offset=1 (local.get $at)) (i8x16.splat (i32.const 0x20)))))))
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
    (local.set $blank (v128.or (local.get $blank) (v128.or
      (i8x16.lt_u (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 9))) (i8x16.splat (i32.const 5)))
      (v128.and
        (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x20)))
        (i8x16.eq (v128.load offset=1 (local.get $at)) (i8x16.splat (i32.const 0x20)))))))
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
    (local.set $at (local.get $start))
    (block $begun
      (loop $blanks
        (br_if $begun (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $number (i32.load8_u (local.get $at)))
        (br_if $begun (i32.eqz (i32.or
          (i32.or (i32.eq (local.get $number) (i32.const 0x20)) (i32.eq (local.get $number) (i32.const 9)))
          (i32.or (i32.eq (local.get $number) (i32.const 10)) (i32.eq (local.get $number) (i32.const 13))))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $blanks)))
    (if (i32.or
          (i32.ge_u (local.get $at) (local.get $end))
          (i32.or (i32.eq (local.get $number) (i32.const 0x5b)) (i32.eq (local.get $number) (i32.const 0x7b))))
      (then (local.set $flags (i32.or (local.get $flags) (i32.const 128)))))
    (i32.store offset=24 (local.get $out) (i32.or (local.get $flags)
      (i32.or
        (i32.or (v128.any_true (local.get $sign)) (i32.shl (v128.any_true (local.get $hyphen)) (i32.const 1)))
        (i32.or
          (i32.or (i32.shl (v128.any_true (local.get $line)) (i32.const 2)) (i32.shl (v128.any_true (local.get $capital)) (i32.const 3)))
          (i32.or (i32.shl (v128.any_true (local.get $jay)) (i32.const 4)) (i32.shl (v128.any_true (local.get $blank)) (i32.const 5)))))))
    (i32.store offset=28 (local.get $out) (local.get $start))
    (i32.store offset=32 (local.get $out) (local.get $end)))

  ;; The numbers of so many texts, each behind its length.
  (func (export "texts") (param $at i32) (param $count i32) (param $out i32)
    (local $length i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $length (i32.load (local.get $at)))
        (call $facts (i32.add (local.get $at) (i32.const 4)) (local.get $length) (local.get $out))
        (local.set $at (i32.add (i32.add (local.get $at) (i32.const 4)) (local.get $length)))
        (local.set $out (i32.add (local.get $out) (i32.const 36)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next))))

  ;; Writes to `out` what the inside of a JSON string stands for; returns where that ends, or 0 where it has other escapes
  ;; than those of one letter.
  (func $unescape (param $at i32) (param $end i32) (param $out i32) (result i32)
    (local $bytes v128) (local $bits i32) (local $plain i32) (local $letter i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $bytes (v128.load (local.get $at)))
        (v128.store (local.get $out) (local.get $bytes))
        (local.set $bits (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x5c)))))
        ;; Without one there is a bit behind the last of them.
        (local.set $plain (i32.ctz (i32.or (local.get $bits) (i32.const 0x10000))))
        (if (i32.ge_u (i32.add (local.get $at) (local.get $plain)) (local.get $end))
          (then (return (i32.add (local.get $out) (i32.sub (local.get $end) (local.get $at))))))
        (local.set $at (i32.add (local.get $at) (local.get $plain)))
        (local.set $out (i32.add (local.get $out) (local.get $plain)))
        (br_if $next (i32.eqz (local.get $bits)))
        (local.set $letter (i32.load8_u offset=1 (local.get $at)))
        (block $known
          (br_if $known (i32.or (i32.eq (local.get $letter) (i32.const 0x22))
            (i32.or (i32.eq (local.get $letter) (i32.const 0x5c)) (i32.eq (local.get $letter) (i32.const 0x2f)))))
          (if (i32.eq (local.get $letter) (i32.const 0x6e)) (then (local.set $letter (i32.const 10)) (br $known)))
          (if (i32.eq (local.get $letter) (i32.const 0x74)) (then (local.set $letter (i32.const 9)) (br $known)))
          (if (i32.eq (local.get $letter) (i32.const 0x72)) (then (local.set $letter (i32.const 13)) (br $known)))
          (if (i32.eq (local.get $letter) (i32.const 0x62)) (then (local.set $letter (i32.const 8)) (br $known)))
          (if (i32.eq (local.get $letter) (i32.const 0x66)) (then (local.set $letter (i32.const 12)) (br $known)))
          (return (i32.const 0)))
        (i32.store8 (local.get $out) (local.get $letter))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))
        (local.set $out (i32.add (local.get $out) (i32.const 1)))
        (br $next)))
    (local.get $out))

  ;; Whether so many bytes are the same in both places.
  (func $same (param $at i32) (param $other i32) (param $length i32) (result i32)
    (block $done
      (loop $next
        (br_if $done (i32.le_s (local.get $length) (i32.const 0)))
        (if (i32.ne (i32.const -1) (i32.or
              (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (v128.load (local.get $other))))
              ;; Of the last bytes those behind do not count.
              (i32.shl (i32.const -1) (select (local.get $length) (i32.const 16) (i32.lt_s (local.get $length) (i32.const 16))))))
          (then (return (i32.const 0))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (local.set $other (i32.add (local.get $other) (i32.const 16)))
        (local.set $length (i32.sub (local.get $length) (i32.const 16)))
        (br $next)))
    (i32.const 1))

  ;; The numbers of the texts of a line of JSON whose bytes between the texts are those of the template: each a length, and
  ;; the bytes 16 further on. Unescaped texts are written to `room`; a text that needs more to be read has begin and end
  ;; alone, and -1 for what it holds. Returns where the next line begins, or 0 where this one does not follow the template.
  (func (export "line") (param $at i32) (param $end i32) (param $template i32) (param $values i32) (param $out i32)
    (param $room i32) (result i32)
    (local $length i32) (local $begin i32) (local $escaped i32) (local $bytes v128) (local $bits i32) (local $byte i32)
    (block $done
      (loop $value
        (local.set $length (i32.load (local.get $template)))
        (if (i32.gt_u (i32.add (local.get $at) (local.get $length)) (local.get $end)) (then (return (i32.const 0))))
        (if (i32.eqz (call $same (local.get $at) (i32.add (local.get $template) (i32.const 16)) (local.get $length)))
          (then (return (i32.const 0))))
        (local.set $at (i32.add (local.get $at) (local.get $length)))
        (local.set $template (i32.add (local.get $template)
          (i32.and (i32.add (local.get $length) (i32.const 31)) (i32.const -16))))
        (br_if $done (i32.eqz (local.get $values)))
        (local.set $values (i32.sub (local.get $values) (i32.const 1)))
        (local.set $begin (local.get $at))
        (local.set $escaped (i32.const 0))
        (block $ended
          (loop $next
            (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const 0))))
            (local.set $bytes (v128.load (local.get $at)))
            (local.set $bits (i8x16.bitmask (v128.or
              (v128.or (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x22)))
                       (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x5c))))
              (i8x16.lt_u (local.get $bytes) (i8x16.splat (i32.const 0x20))))))
            (if (i32.eqz (local.get $bits))
              (then (local.set $at (i32.add (local.get $at) (i32.const 16))) (br $next)))
            (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $bits))))
            (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const 0))))
            (local.set $byte (i32.load8_u (local.get $at)))
            (br_if $ended (i32.eq (local.get $byte) (i32.const 0x22)))
            (if (i32.ne (local.get $byte) (i32.const 0x5c)) (then (return (i32.const 0))))
            (local.set $escaped (i32.const 1))
            (local.set $at (i32.add (local.get $at) (i32.const 2)))
            (br $next)))
        (block $read
          (if (i32.eqz (local.get $escaped))
            (then
              (call $facts (local.get $begin) (i32.sub (local.get $at) (local.get $begin)) (local.get $out))
              (br $read)))
          (local.set $length (call $unescape (local.get $begin) (local.get $at) (local.get $room)))
          (if (local.get $length)
            (then
              (call $facts (local.get $room) (i32.sub (local.get $length) (local.get $room)) (local.get $out))
              (local.set $room (local.get $length))
              (br_if $read (i32.eqz (i32.and (i32.load offset=24 (local.get $out)) (i32.const 64))))))
          (i32.store offset=24 (local.get $out) (i32.const -1))
          (i32.store offset=28 (local.get $out) (local.get $begin))
          (i32.store offset=32 (local.get $out) (local.get $at)))
        (local.set $out (i32.add (local.get $out) (i32.const 36)))
        (br $value)))
    (if (i32.lt_u (local.get $at) (local.get $end))
      (then (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 10)) (then (return (i32.const 0))))))
    (i32.add (local.get $at) (i32.const 1))))
