"""Guests in text form: each misbehaves in one way, as a core module and as a component."""

BODIES = """
  (memory (export "memory") 1)
  (func (export "ok") (result i32) (i32.const 42))
  (func (export "spin") (loop (br 0)))
  (func $deep (export "deep") (call $deep))
  (func (export "unreachable") unreachable)
  (func (export "divide") (drop (i32.div_u (i32.const 1) (i32.load (i32.const 0)))))
  (func (export "outside") (drop (i32.load (i32.const -4))))
  (func (export "grow")
    (loop (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable)) (br 0)))
  (func (export "gulp") (if (i32.eq (memory.grow (i32.const 60000)) (i32.const -1)) (then unreachable)))
  (func (export "refused-then-divides") (drop (memory.grow (i32.const 60000)))
    (drop (i32.div_u (i32.const 1) (i32.load (i32.const 0)))))
  (func (export "modest") (result i32) (memory.grow (i32.const 60000)))
"""
NAMES = ("spin", "deep", "unreachable", "divide", "outside", "grow", "gulp", "refused-then-divides")
NUMBERS = ("ok", "modest")

CORE = f"(module {BODIES})"

_LIFTED = "".join(f'(func (export "{name}") (canon lift (core func $i "{name}")))' for name in NAMES) + "".join(
    f'(func (export "{name}") (result s32) (canon lift (core func $i "{name}")))' for name in NUMBERS
)
COMPONENT = f"(component (core module $m {BODIES}) (core instance $i (instantiate $m)) {_LIFTED})"

# Answers with its own argument, for every type that fits in registers.
ECHOES = {"u32": "i32", "s64": "i64", "f64": "f64", "f32": "f32", "char": "i32", "bool": "i32", "s8": "i32"}
ECHO = (
    "(component (core module $m "
    + "".join(
        f'(func (export "{wit}") (param {core}) (result {core}) (local.get 0))' for wit, core in ECHOES.items()
    )
    + ") (core instance $i (instantiate $m)) "
    + "".join(
        f'(func (export "{wit}") (param "x" {wit}) (result {wit}) (canon lift (core func $i "{wit}")))'
        for wit in ECHOES
    )
    + ")"
)

PRINTER = r"""(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "ol\c3\a1\n") (data (i32.const 0) "\10\00\00\00\05\00\00\00")
  (func $say (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func (export "say") (call $say))
  (func (export "chatter") (loop (call $say) (br 0)))
  (func (export "wild") (result i32) (call $write (i32.const 1) (i32.const -8) (i32.const 1) (i32.const 8)))
  (func (export "_start") (call $say) (call $exit (i32.const 3))))"""

# Keeps a sum between calls, and can end in every way that a guest can.
KEEPER_BODY = """
  (memory (export "memory") 1)
  (global $sum (mut i32) (i32.const 0))
  (func (export "add") (param i32) (result i32)
    (global.set $sum (i32.add (global.get $sum) (local.get 0))) (global.get $sum))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "spin") (loop (br 0)))
  (func (export "unreachable") unreachable)
"""
KEEPER = f"(module {KEEPER_BODY})"
KEEPER_COMPONENT = f"""(component (core module $m {KEEPER_BODY}) (core instance $i (instantiate $m))
  (func (export "add") (param "x" s32) (result s32) (canon lift (core func $i "add")))
  (func (export "grow") (param "x" s32) (result s32) (canon lift (core func $i "grow")))
  (func (export "spin") (canon lift (core func $i "spin")))
  (func (export "unreachable") (canon lift (core func $i "unreachable"))))"""

# An actor with all six callbacks. A message of 0 or more is added to its state; -1 traps, -2 never ends, -3
# takes memory until there is none; as the argument of `on-init` they fail the start.
_ACTOR_BODY = """
  (memory (export "memory") 1)
  (global $state (mut i32) (i32.const 0))
  (func $obey (param $n i32)
    (if (i32.eq (local.get $n) (i32.const -1)) (then unreachable))
    (if (i32.eq (local.get $n) (i32.const -2)) (then (loop (br 0))))
    (if (i32.eq (local.get $n) (i32.const -3)) (then
      (loop (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable)) (br 0))))
    (global.set $state (i32.add (global.get $state) (local.get $n))))
  (func (export "on-init") (param i32) (call $obey (local.get 0)))
  (func (export "on-call") (param i32) (result i32) (call $obey (local.get 0)) (global.get $state))
  (func (export "on-cast") (param i32) (call $obey (local.get 0)))
  (func (export "on-info") (param i32 i32)
    (global.set $state (i32.add (i32.mul (local.get 0) (i32.const 10)) (local.get 1))))
  (func (export "on-state-change") (param i32 i32) (global.set $state (local.get 1)))
  (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16))
"""
ACTOR = f'(module {_ACTOR_BODY} (func (export "on-terminate")))'
FRAGILE = f'(module {_ACTOR_BODY} (func (export "on-terminate") (param i32) unreachable))'
ACTOR_COMPONENT = f"""(component (core module $m {_ACTOR_BODY}) (core instance $i (instantiate $m))
  (type $enum (enum "normal" "shutdown" "killed" "abnormal")) (export $exit "exit" (type $enum))
  (func (export "on-init") (param "x" s32) (canon lift (core func $i "on-init")))
  (func (export "on-call") (param "x" s32) (result s32) (canon lift (core func $i "on-call")))
  (func (export "on-cast") (param "x" s32) (canon lift (core func $i "on-cast")))
  (func (export "on-info") (param "x" s32) (param "why" $exit) (canon lift (core func $i "on-info")))
  (func (export "on-state-change") (param "version" string)
    (canon lift (core func $i "on-state-change")
      (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))"""
