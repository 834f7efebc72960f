#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Cuts the functions out of installed and downloaded Python packages: functions_of_packages.py OUTPUT FOLDER...

A folder is searched for *.py, and for wheels (`pip download --no-deps -d FOLDER PACKAGE`). One JSON object a line: name,
description (first sentence of the doc string), signature, code without the doc string, imported modules. Functions of less
than three lines, of more than 4,000 characters and repeated ones are left out. For index_bench and vector_bench.
"""
import ast,sys,os,zipfile,json,hashlib,io,warnings
warnings.simplefilter('ignore')
sys.setrecursionlimit(3000)
def funcs(src,mod):
    try: tree=ast.parse(src)
    except Exception: return
    lines=src.splitlines()
    def rec(n):
        for c in ast.iter_child_nodes(n):
            if isinstance(c,(ast.FunctionDef,ast.AsyncFunctionDef)):
                yield c
                continue
            if isinstance(c,(ast.ClassDef,ast.If,ast.Try)): yield from rec(c)
    imps=[]
    for c in tree.body:
        if isinstance(c,ast.Import): imps+= [a.name for a in c.names]
        elif isinstance(c,ast.ImportFrom) and c.module and not c.level: imps.append(c.module)
    for f in rec(tree):
        doc=ast.get_docstring(f) or ''
        first=doc.strip().split('\n\n')[0].replace('\n',' ')
        first=first.split('. ')[0]
        start=f.lineno-1; b=f.body[0]
        sig=lines[start].strip()[:200]
        if doc:
            code='\n'.join(lines[start:b.lineno-1]+lines[b.end_lineno:f.end_lineno])
        else: code='\n'.join(lines[start:f.end_lineno])
        nl=code.count('\n')
        if nl<2 or len(code)>4000: continue
        yield dict(name=f.name,description=first[:300],signature=sig,code=code,frameworks=sorted(set(imps))[:8])
seen=set();out=open(sys.argv[1],'w');n=0
def emit(src,mod):
    global n
    for d in funcs(src,mod):
        h=hashlib.md5((d['name']+d['code']).encode('utf8','replace')).digest()
        if h in seen: continue
        seen.add(h); out.write(json.dumps(d,ensure_ascii=True)+'\n'); n+=1
for root in sys.argv[2:]:
    for dp,dn,fn in os.walk(root):
        for f in sorted(fn):
            if f.endswith('.py'):
                try: emit(open(os.path.join(dp,f),errors='replace').read(),f)
                except Exception: pass
    if os.path.isdir(root):
        for w in sorted(os.listdir(root)):
            if not w.endswith('.whl'): continue
            try: z=zipfile.ZipFile(os.path.join(root,w))
            except Exception: continue
            for m in sorted(z.namelist()):
                if m.endswith('.py'):
                    try: emit(z.read(m).decode('utf8','replace'),m)
                    except Exception: pass
print(n)
