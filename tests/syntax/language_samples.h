// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One source file per language with what extraction must find in it: "kind scope name" in source order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"

namespace autodev::syntax::samples {

struct Sample {
  Language language;
  std::string line_comment;
  std::string_view source;
  std::vector<std::string> units;    ///< all but blocks
  std::vector<std::string> imports;
  std::string documented;            ///< this unit has `doc` and `signature`
  std::string doc;
  std::string signature;
};

inline const std::vector<Sample>& all() {
  static const std::vector<Sample> samples{
      {Language::cpp,
       "//",
       R"SRC(#include <vector>
#include "base/env.h"
namespace a::b {
/// Doc.
template <typename T>
MY_API int Foo<T>::bar(const T& x, int* p) const noexcept {
#if FOO
  int n = x.size();
#else
  int n = (x.
#endif
  for (int i = 0; i < n; ++i) { p[i] = std::move(x[i])->y; }
  auto l = [&](int q) { return q + n; };
  return bar<int>(x, p);
}
class W : public V {
 public:
  W(int a) : a_(a) {}
  ~W() { delete p_; }
  bool operator==(const W& o) const { return a_ == o.a_; }
  operator bool() const { return a_ != 0; }
  void decl();
  struct In { int z; };
 private:
  int a_; W* p_;
};
void W::decl() { if (a_) { while (true) { ++a_; break; } } else { throw 1; } }
typedef struct { int x; } Point;
static int* f(void) { return nullptr; }
}
)SRC",
       {"method a::b::Foo bar",
        "type a::b W",
        "method a::b::W W",
        "method a::b::W ~W",
        "method a::b::W operator==",
        "method a::b::W operator bool",
        "type a::b::W In",
        "method a::b::W decl",
        "type a::b Point",
        "function a::b f"},
       {"base/env.h", "vector"},
       "bar",
       "Doc.",
       "template <typename T> MY_API int Foo<T>::bar(const T& x, int* p) const noexcept"},
      {Language::python,
       "#",
       R"SRC(import os, json
from typing import List

MAX = 3

# Adds things.
# Twice.
@decor(1)
async def add(a, b=2, *args, **kw):
    """Doc of add.

    More.
    """
    x = a + b  # note
    for i, (k, v) in enumerate(args):
        if k == "q" and not v:
            x += os.path.join(k, v)[0]
        elif k is not None:
            x = json.loads(v, strict=MAX)
        else:
            x = add(a, b=b)
    with open(a) as f, g() as h:
        return [y for y in f if y]
    try:
        pass
    except ValueError as e:
        raise
    s = f"a {x} b"
    return lambda q: q.z

class A(B):
    """Klass."""
    x: int = 0
    def m(self, y: List[int]) -> int:
        return self.m(y) + A.x
    @property
    def p(self):
        def inner(z):
            return inner(z)
        return inner
)SRC",
       {"function  add",
        "type  A",
        "method A m",
        "method A p",
        "function A::p inner"},
       {"json", "os", "typing"},
       "add",
       "Doc of add.\n\nMore.",
       "@decor(1) async def add(a, b=2, *args, **kw)"},
      {Language::javascript,
       "//",
       R"SRC(import { a } from './a.js';
const fs = require('fs');
/** Adds. */
export async function add(x, { y, z: w } = {}, ...rest) {
  let t = `v ${x} ${y}`;
  if (x === y) { return await fetch(t, { method: 'GET' }); }
  for (const k of rest) { t += k?.b; }
  return t;
}
// arrow
export const mul = (p, q) => p * q;
class C extends D { #v = 1; constructor(a) { super(a); } get v() { return this.#v; } static async s() {} h = (e) => { this.x(e); } }
Foo.prototype.bar = function (z) { return z; };
module.exports = { run(a) { return a; }, go: function (b) { return b; } };
)SRC",
       {"function  add",
        "function  mul",
        "type  C",
        "method C constructor",
        "method C v",
        "method C s",
        "method C h",
        "method Foo bar",
        "function  run",
        "function  go"},
       {"./a.js", "fs"},
       "add",
       "Adds.",
       "async function add(x, { y, z: w } = {}, ...rest)"},
      {Language::typescript,
       "//",
       R"SRC(import { Injectable } from '@angular/core';
/** A point. */
export interface Point { x: number; y?: string }
export type Alias = string | number;
export enum Color { Red, Green = 2 }
export abstract class Repo<T extends Base> implements IRepo<T> {
  private cache: Map<string, T> = new Map();
  constructor(private readonly db: Db, public name?: string) { super(); }
  @Log() async find(id: string): Promise<T | undefined> { const hit = this.cache.get(id); return hit ?? (await this.db.load<T>(id))!; }
  abstract save(x: T): void;
  handler = (e: Event): void => { this.on(e as any); };
}
export const useThing = <T,>(v: T): T => { return v; };
namespace Inner { export function f(a: number) { return a; } }
function over(a: string): void;
function over(a: any) { return a; }
)SRC",
       {"type  Point",
        "type  Color",
        "type  Repo",
        "method Repo constructor",
        "method Repo find",
        "method Repo handler",
        "function  useThing",
        "function Inner f",
        "function  over"},
       {"@angular/core"},
       "Point",
       "A point.",
       "interface Point"},
      {Language::tsx,
       "//",
       R"SRC(import { useState } from "react";
// A button.
export const Button = ({ label, onClick }: Props) => { const [n, setN] = useState(0); return <div className="b" onClick={() => setN(n + 1)}>{label} text<Foo a={n}/></div>; };
)SRC",
       {"function  Button"},
       {"react"},
       "Button",
       "A button.",
       "const Button = ({ label, onClick }: Props)"},
      {Language::go,
       "//",
       R"SRC(package main

import (
	"fmt"
	str "strings"
)

// Server serves.
// It really does.
type Server struct {
	Addr string
	n    int
}

type Handler interface{ Handle(x int) error }

const Max = 3

// Run runs.
func (s *Server) Run(ctx context.Context, n int) (err error) {
	for i, v := range s.items {
		if v := i; v > n {
			go func() { fmt.Println(v) }()
		}
	}
	switch x := err.(type) {
	case nil:
		return nil
	default:
		_ = x
	}
	m := map[string]int{"a": 1}
	p := &Server{Addr: str.ToUpper("x"), n: m["a"]}
	return p.Run(ctx, n-1)
}

func Map[T any, U any](xs []T, f func(T) U) []U {
	var out []U
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}
)SRC",
       {"type  Server",
        "type  Handler",
        "method Server Run",
        "function  Map"},
       {"fmt", "strings"},
       "Run",
       "Run runs.",
       "func (s *Server) Run(ctx context.Context, n int) (err error)"},
      {Language::rust,
       "//",
       R"SRC(use std::collections::HashMap;
use crate::foo::{bar, baz};
/// A stack.
#[derive(Debug)]
pub struct Stack<T> { items: Vec<T> }
enum Op { Add(i32), Neg }
impl<T: Clone> Stack<T> {
    /// Push it.
    pub fn push(&mut self, item: T) -> Option<&T> {
        self.items.push(item.clone());
        if let Some(x) = self.items.last() { return Some(x); }
        let n = self.items.iter().map(|y| y.len()).sum::<usize>();
        match op { Op::Add(k) => k + 1, Op::Neg if n > 1 => -1, _ => { println!("{} {}", n, MAX); 0 } };
        None
    }
}
impl fmt::Display for Stack<u8> { fn fmt(&self, f: &mut Formatter) -> fmt::Result { write!(f, "x") } }
mod inner { pub async fn go(a: &str) -> Result<(), Error> { let v = a.parse::<i32>()?; for i in 0..v { go("x").await?; } Ok(()) } }
trait Shape { fn area(&self) -> f64; fn twice(&self) -> f64 { self.area() * 2.0 } }
)SRC",
       {"type  Stack",
        "type  Op",
        "method Stack push",
        "method Stack fmt",
        "function inner go",
        "type  Shape",
        "method Shape twice"},
       {"crate::foo", "std::collections::HashMap"},
       "Stack",
       "A stack.",
       "pub struct Stack<T>"},
      {Language::java,
       "//",
       R"SRC(package com.x;
import java.util.List;
import static java.lang.Math.max;
/** Doc for A. */
@Entity
public class A<T> extends B implements C {
  private final int n = 3;
  /** Makes. */
  public A(int n) { super(n); this.n = n; }
  @Override public <U> List<U> map(final Function<T, U> f, String... rest) throws IOException {
    List<U> out = new ArrayList<>();
    for (T x : items) { if (x != null && x instanceof Foo foo) out.add(f.apply(x)); }
    try (Reader r = open("x")) { r.read(); } catch (IOException | Foo e) { throw new RuntimeException("a", e); } finally { close(); }
    items.forEach(i -> { n++; });
    return map(f, rest);
  }
  interface In { void go(); default int two() { return 2; } }
  enum E { X(1), Y; int v() { return 1; } }
  record P(int x, int y) { P { check(x); } }
}
)SRC",
       {"type  A",
        "method A A",
        "method A map",
        "type A In",
        "method A::In two",
        "type A E",
        "method A::E v",
        "type A P",
        "method A::P P"},
       {"java.lang.Math.max", "java.util.List"},
       "A",
       "Doc for A.",
       "@Entity public class A<T> extends B implements C"},
      {Language::csharp,
       "//",
       R"SRC(using System;
using System.Collections.Generic;
namespace My.App;
/// <summary>Doc.</summary>
public class Repo<T> : Base, IRepo where T : class {
  private readonly int _n = 3;
  public string Name { get; set; } = "x";
  public Repo(int n) : base(n) { _n = n; }
  [Http] public async Task<T?> FindAsync(string id, CancellationToken ct = default) {
    foreach (var x in _items) { if (x is Foo f && f.Id == id) { return await _db.Load<T>(id); } }
    var s = $"a {id} b";
    using (var r = Open()) { r.Go(); }
    try { Go(out var q); } catch (Exception e) when (e.X) { throw; }
    int Local(int z) { return z; }
    items.Select(i => i.Name).ToList();
    return null;
  }
  public int Twice(int x) => x * 2;
  public static Repo<T> operator +(Repo<T> a, Repo<T> b) { return a; }
}
record Point(int X, int Y) { public int Sum() => X + Y; }
)SRC",
       {"type My::App Repo",
        "method My::App::Repo Repo",
        "method My::App::Repo FindAsync",
        "function My::App::Repo::FindAsync Local",
        "method My::App::Repo Twice",
        "method My::App::Repo +",
        "type My::App Point",
        "method My::App::Point Sum"},
       {"System", "System.Collections.Generic"},
       "Repo",
       "<summary>Doc.</summary>",
       "public class Repo<T> : Base, IRepo where T : class"},
      {Language::ruby,
       "#",
       R"SRC(require 'json'
require_relative "foo/bar"
module Outer
  # Doc of Foo.
  class Foo < Bar::Base
    attr_reader :x
    # Makes it.
    def initialize(a, b = 1, *rest, key: 2, **opts, &blk)
      @a = a
      x, (y, z) = a, b
      rest.each do |r, i|
        next if r.nil?
        puts "#{r} #{key}" unless i > 3
      end
      begin
        JSON.parse(a)
      rescue ParserError => e
        raise Foo.new(e)
      ensure
        close
      end
      initialize(a)
    end
    def self.build(n) = new(n)
    def empty?; end
    def ==(other) other.a == a end
  end
end
def top(n)
  while n > 0
    n -= 1
  end
end
)SRC",
       {"type Outer Foo",
        "method Outer::Foo initialize",
        "method Outer::Foo build",
        "method Outer::Foo empty?",
        "method Outer::Foo ==",
        "function  top"},
       {"foo/bar", "json"},
       "initialize",
       "Makes it.",
       "def initialize(a, b = 1, *rest, key: 2, **opts, &blk)"},
      {Language::php,
       "//",
       R"SRC(<?php
namespace App\Models;
use Foo\Bar;
use Baz\Qux as Q;
/** Doc. */
class User extends Model implements X {
  private int $n = 3;
  /** Finds. */
  public static function find(string $id, ?int $limit = null): ?User {
    foreach ($this->items as $k => $v) { if ($v === null && isset($k)) { $x[] = $v->name($k); } }
    try { $r = self::load($id); } catch (Foo | Bar $e) { throw new RuntimeException("a $id b", 1, $e); }
    $f = fn($a) => $a + $limit;
    return strlen($r) > 3 ? new User($r) : null;
  }
  abstract function nope();
}
function helper(array &$xs, ...$rest) { return helper($xs); }
)SRC",
       {"type App::Models User",
        "method App::Models::User find",
        "function App::Models helper"},
       {"Baz\\Qux", "Foo\\Bar"},
       "find",
       "Finds.",
       "public static function find(string $id, ?int $limit = null): ?User"},
      {Language::bash,
       "#",
       R"SRC(#!/bin/bash
# Does it.
deploy() {
  local name="$1" n=3
  if [ -z "$name" ]; then echo "no $name" >&2; return 1; fi
  for f in *.txt; do cp -r "$f" "${HOME}/$name"; done
  while read -r line; do n=$((n + 1)); done < file
  case "$name" in a|b) deploy x ;; *) exit 1 ;; esac
  out=$(ls | grep -v foo)
}
function other { echo hi; }
)SRC",
       {"function  deploy",
        "function  other"},
       {},
       "deploy",
       "Does it.",
       "deploy()"},
      {Language::c,
       "//",
       R"SRC(#include <stdio.h>
#include "list.h"
#define MAX(a, b) ((a) > (b) ? (a) : (b))

struct node {
  int value;
  struct node *next;
};

typedef struct { int a, b; } Pair;

/*
 * Pushes a value.
 * Returns the new head.
 */
struct node *push(struct node *head, int value) {
  struct node *made = malloc(sizeof *made);
  if (made == NULL) return head;
  made->value = value;
  made->next = head;
  for (int i = 0; i < 3; i++) printf("%d\n", i);
  switch (value) { case 1: break; default: value++; }
  return made;
}

static int (*handler)(int);

int apply(int (*f)(int), int x) { return f(x) + MAX(x, 1); }
)SRC",
       {"type  node",
        "type  Pair",
        "function  push",
        "function  apply"},
       {"list.h", "stdio.h"},
       "push",
       "Pushes a value.\nReturns the new head.",
       "struct node *push(struct node *head, int value)"},
  };
  return samples;
}

}  // namespace autodev::syntax::samples
