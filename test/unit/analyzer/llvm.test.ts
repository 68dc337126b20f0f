import { afterEach, describe, expect, it } from 'vitest'
import * as llvm from '../../../analyzer/llvm/index.ts'
import { FerryError } from '../../../base/diagnostics.ts'
import { withIr } from './program.ts'

const { C, Context, Module, Opcode, TypeKind } = llvm

/** One instruction of every opcode, named by the C API's name of the opcode where it has a result. */
const EVERY_OPCODE = `
declare i32 @personality(...)
declare void @f()
define i32 @all(i32 %i, double %d, ptr %p, <2 x i32> %v, {i32, i32} %s, i1 %c, ...) personality ptr @personality {
entry:
  %Add = add i32 %i, 1
  %FAdd = fadd double %d, 1.0
  %Sub = sub i32 %i, 1
  %FSub = fsub double %d, 1.0
  %Mul = mul i32 %i, 3
  %FMul = fmul double %d, 2.0
  %UDiv = udiv i32 %i, 3
  %SDiv = sdiv i32 %i, 3
  %FDiv = fdiv double %d, 3.0
  %URem = urem i32 %i, 3
  %SRem = srem i32 %i, 3
  %FRem = frem double %d, 3.0
  %FNeg = fneg double %d
  %Shl = shl i32 %i, 1
  %LShr = lshr i32 %i, 1
  %AShr = ashr i32 %i, 1
  %And = and i32 %i, 1
  %Or = or i32 %i, 1
  %Xor = xor i32 %i, 1
  %Alloca = alloca i32
  %Load = load i32, ptr %p
  store i32 %i, ptr %p
  %GetElementPtr = getelementptr i32, ptr %p, i32 1
  %Trunc = trunc i32 %i to i8
  %ZExt = zext i32 %i to i64
  %SExt = sext i32 %i to i64
  %FPToUI = fptoui double %d to i32
  %FPToSI = fptosi double %d to i32
  %UIToFP = uitofp i32 %i to double
  %SIToFP = sitofp i32 %i to double
  %FPTrunc = fptrunc double %d to float
  %FPExt = fpext float %FPTrunc to double
  %PtrToInt = ptrtoint ptr %p to i64
  %PtrToAddr = ptrtoaddr ptr %p to i64
  %IntToPtr = inttoptr i64 %PtrToInt to ptr
  %BitCast = bitcast double %d to i64
  %AddrSpaceCast = addrspacecast ptr %p to ptr addrspace(1)
  %ICmp = icmp eq i32 %i, 0
  %FCmp = fcmp oeq double %d, 0.0
  %Select = select i1 %c, i32 %i, i32 0
  %VAArg = va_arg ptr %p, i32
  %ExtractElement = extractelement <2 x i32> %v, i32 0
  %InsertElement = insertelement <2 x i32> %v, i32 %i, i32 0
  %ShuffleVector = shufflevector <2 x i32> %v, <2 x i32> %v, <2 x i32> zeroinitializer
  %ExtractValue = extractvalue {i32, i32} %s, 0
  %InsertValue = insertvalue {i32, i32} %s, i32 %i, 0
  %Freeze = freeze i32 %i
  fence seq_cst
  %AtomicCmpXchg = cmpxchg ptr %p, i32 0, i32 1 seq_cst seq_cst
  %AtomicRMW = atomicrmw add ptr %p, i32 1 seq_cst
  %Call = call i32 @all(i32 %i, double %d, ptr %p, <2 x i32> %v, {i32, i32} %s, i1 %c)
  br i1 %c, label %switch, label %indirect
switch:
  switch i32 %i, label %dead [ i32 1, label %invoke ]
indirect:
  indirectbr ptr %p, [label %dead]
invoke:
  invoke void @f() to label %asm unwind label %unwind
asm:
  callbr void asm "", ""() to label %join []
join:
  %PHI = phi i32 [ 1, %asm ]
  ret i32 %PHI
unwind:
  %LandingPad = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %LandingPad
dead:
  unreachable
}`

/** Opcodes of the instructions above that have no result to name. */
const UNNAMED = ['Store', 'Fence', 'Br', 'Switch', 'IndirectBr', 'Invoke', 'CallBr', 'Ret', 'Resume', 'Unreachable']
const WINDOWS_ONLY = ['CleanupRet', 'CatchRet', 'CatchPad', 'CleanupPad', 'CatchSwitch']

describe('enumerations', () => {
  it('numbers opcodes as libLLVM does', () => {
    withIr(EVERY_OPCODE, module => {
      const seen = new Set<string>()
      for (const i of llvm.allInstructions(module.function('all')!)) {
        const name = llvm.opcodeName(C.LLVMGetInstructionOpcode(i))
        if (llvm.valueName(i) !== '') expect(name).toBe(llvm.valueName(i))
        seen.add(name)
      }
      expect([...seen].sort()).toEqual(
        Object.keys(Opcode)
          .filter(name => !WINDOWS_ONLY.includes(name))
          .sort(),
      )
      expect(UNNAMED.filter(name => !seen.has(name))).toEqual([])
    })
  })

  it.each([
    ['void', 'Void'],
    ['half', 'Half'],
    ['bfloat', 'BFloat'],
    ['float', 'Float'],
    ['double', 'Double'],
    ['x86_fp80', 'X86_FP80'],
    ['fp128', 'FP128'],
    ['ppc_fp128', 'PPC_FP128'],
    ['i17', 'Integer'],
    ['{ i8 }', 'Struct'],
    ['[2 x i8]', 'Array'],
    ['ptr', 'Pointer'],
    ['<2 x i8>', 'Vector'],
    ['<vscale x 2 x i8>', 'ScalableVector'],
    ['x86_amx', 'X86_AMX'],
    ['target("spirv.Image")', 'TargetExt'],
  ] as const)('numbers the kind of %s as libLLVM does', (text, kind) => {
    withIr(`declare ${text} @f()`, module => {
      const { result } = llvm.functionType(llvm.globalType(module.function('f')!))
      expect(llvm.typeKind(result)).toBe(TypeKind[kind])
    })
  })

  it.each(['private', 'internal', 'weak', 'linkonce', 'weak_odr', 'linkonce_odr', 'common'] as const)(
    'numbers %s linkage as libLLVM does',
    name => {
      const ids = {
        weak: 'WeakAny',
        linkonce: 'LinkOnceAny',
        weak_odr: 'WeakODR',
        linkonce_odr: 'LinkOnceODR',
      } as const
      const others = { private: 'Private', internal: 'Internal', common: 'Common' } as const
      withIr(`@g = ${name} global i32 0`, module =>
        expect(C.LLVMGetLinkage(module.global('g')!)).toBe(llvm.Linkage[{ ...ids, ...others }[name]]),
      )
    },
  )

  it('numbers the kinds of values as libLLVM does', () => {
    const ir = `@g = global [2 x ptr] [ptr blockaddress(@f, %b), ptr null]
      @a = alias i32, ptr @g
      define i32 @f(i32 %i) { br label %b b: ret i32 undef }`
    withIr(ir, module => {
      const { ValueKind, valueKind } = llvm
      const f = module.function('f')!
      const initialiser = C.LLVMGetInitializer(module.global('g')!)
      const [label, nothing] = llvm.operands(initialiser)
      expect([f, module.global('g')!, [...module.aliases()][0]!, initialiser, label!, nothing!].map(valueKind)).toEqual(
        [
          ValueKind.Function,
          ValueKind.GlobalVariable,
          ValueKind.GlobalAlias,
          ValueKind.ConstantArray,
          ValueKind.BlockAddress,
          ValueKind.ConstantPointerNull,
        ],
      )
      expect(valueKind([...llvm.params(f)][0]!)).toBe(ValueKind.Argument)
      expect(valueKind(C.LLVMBasicBlockAsValue([...llvm.blocks(f)][0]!))).toBe(ValueKind.BasicBlock)
      expect(valueKind(llvm.operands([...llvm.allInstructions(f)][1]!)[0]!)).toBe(ValueKind.UndefValue)
    })
  })
})

describe('modules', () => {
  it('parses the bitcode that it wrote', () => {
    withIr('define i32 @f() { ret i32 7 }', module => {
      const again = Module.parseBitcode(module.context, module.bitcode(), 'copy.bc')
      expect(llvm.valueText(again.function('f')!)).toBe(llvm.valueText(module.function('f')!))
      again.dispose()
    })
  })

  it('says what is wrong with bitcode, IR text and a link', () => {
    const context = new Context()
    expect(() => Module.parseBitcode(context, new Uint8Array(16), 'zero.bc')).toThrow(
      /zero\.bc: not a module .*bitcode/,
    )
    expect(() => Module.parseText(context, 'define i32 @f( {', 'text.ll')).toThrow(/text\.ll: .*expected type/)
    const a = Module.parseText(context, 'define i32 @f() { ret i32 1 }', 'a')
    const b = Module.parseText(context, 'define i32 @f() { ret i32 2 }', 'b')
    expect(() => a.link(b)).toThrow(/b: can not be linked .*'f': symbol multiply defined/)
    a.dispose()
    context.dispose()
  })

  it('verifies', () => {
    withIr('define i32 @f() { ret i32 7 }', module => {
      expect(module.verify()).toBeUndefined()
      llvm.eraseInstruction([...llvm.allInstructions(module.function('f')!)][0]!)
      expect(module.verify()).toMatch(/does not have terminator/)
    })
  })

  it('names the pipeline that it does not know', () => {
    withIr('define void @f() { ret void }', module =>
      expect(() => module.runPasses('nonsense')).toThrow(/pipeline nonsense failed: unknown pass name/),
    )
  })
})

describe('building', () => {
  it('builds a loop with a call that has a nest argument', () => {
    withIr('declare i64 @callee(ptr, i64)', module => {
      const types = new llvm.Types(module.context)
      const builder = new llvm.Builder(module.context)
      const callee = module.function('callee')!
      const fn = module.addFunction('built', types.function(types.i64, [types.ptr, types.i64]))
      const [pointer, count] = [...llvm.params(fn)] as [llvm.ValueRef, llvm.ValueRef]
      const [entry, loop, done] = ['entry', 'loop', 'done'].map(name => builder.block(fn, name))
      builder.atEnd(entry!).br(loop!)
      builder.atEnd(loop!)
      const i = builder.phi(types.i64, [[llvm.constInt(types.i64, 0), entry!]], 'i')
      const call = builder.call(llvm.globalType(callee), callee, [pointer, i])
      llvm.addCallAttribute(call, llvm.parameterIndex(0), llvm.attribute(module.context, 'nest'))
      const next = builder.binary('Add', i, llvm.constInt(types.i64, 1), 'next')
      builder.addIncoming(i, [[next, loop!]])
      builder.condBr(builder.icmp('ult', next, count), loop!, done!)
      builder.atEnd(done!)
      const narrow = builder.cast('Trunc', call, types.i32)
      builder.switch(narrow, done!, [])
      llvm.eraseInstruction(C.LLVMGetBasicBlockTerminator(done!))
      builder.atEnd(done!).ret(builder.select(builder.icmp('eq', narrow, llvm.constInt(types.i32, -1)), call, next))
      builder.dispose()
      expect(module.verify()).toBeUndefined()
      expect(llvm.valueText(fn)).toContain('call i64 @callee(ptr nest %0, i64 %i)')
      expect(llvm.valueText(fn)).toContain('icmp eq i32 %4, -1')
      expect(llvm.hasCallAttribute(call, 'nest', 1)).toBe(true)
    })
  })

  it('deletes a body that refers to itself, and replaces a function', () => {
    const ir = `define i32 @f(i32 %n) { br label %l l: %i = phi i32 [%n, %0], [%j, %l] %j = call i32 @f(i32 %i) br label %l }
      define i32 @g(i32 %n) { %r = call i32 @f(i32 %n) ret i32 %r }`
    withIr(ir, module => {
      const f = module.function('f')!
      llvm.deleteBody(f)
      expect(llvm.isDeclaration(f)).toBe(true)
      llvm.replaceAllUses(f, module.function('g')!)
      expect(llvm.hasUses(f)).toBe(false)
      C.LLVMDeleteFunction(f)
      expect(module.verify()).toBeUndefined()
      expect(module.print()).toContain('call i32 @g(i32 %n)')
    })
  })

  it('emits an object for x86-64', () => {
    withIr('define i32 @f(i32 %n) { %m = mul i32 %n, %n ret i32 %m }', module => {
      const machine = new llvm.TargetMachine({ triple: 'x86_64-unknown-linux-gnu', cpu: 'x86-64-v3', level: 2 })
      module.triple = 'x86_64-unknown-linux-gnu'
      module.dataLayout = machine.dataLayout
      module.runPasses('default<O2>', machine)
      const assembly = Buffer.from(machine.emit(module.clone(), 'Assembly')).toString()
      expect(assembly).toContain('imull')
      expect([...machine.emit(module).subarray(0, 4)]).toEqual([0x7f, 0x45, 0x4c, 0x46])
      machine.dispose()
    })
  })

  it('keeps conditional moves in loops, whose branches may be ones that can not be predicted', () => {
    const heap = `define i32 @f(ptr %a, i32 %n) {
entry:
  br label %step
step:
  %at = phi i32 [ 1, %entry ], [ %next, %step ]
  %second = add nsw i32 %at, 1
  %i = sext i32 %at to i64
  %j = sext i32 %second to i64
  %p = getelementptr inbounds i32, ptr %a, i64 %i
  %q = getelementptr inbounds i32, ptr %a, i64 %j
  %x = load i32, ptr %p
  %y = load i32, ptr %q
  %less = icmp slt i32 %y, %x
  %child = select i1 %less, i32 %second, i32 %at
  %next = shl nsw i32 %child, 1
  %more = icmp slt i32 %next, %n
  br i1 %more, label %step, label %end
end:
  ret i32 %child
}`
    withIr(heap, module => {
      const machine = new llvm.TargetMachine({ triple: 'x86_64-unknown-linux-gnu', cpu: 'x86-64-v3', level: 3 })
      module.triple = 'x86_64-unknown-linux-gnu'
      module.dataLayout = machine.dataLayout
      expect(Buffer.from(machine.emit(module, 'Assembly')).toString()).toMatch(/cmov/)
      machine.dispose()
    })
  })

  it('knows no target machine for a triple without one', () => {
    expect(() => new llvm.TargetMachine({ triple: 'pdp11-dec-unix', cpu: '' })).toThrow(/no code generator for pdp11/)
  })
})

describe('constants and attributes', () => {
  it('reads integers with their sign and makes negative ones', () => {
    withIr('define void @f() { ret void }', ({ context }) => {
      const { i8, i64, i128 } = new llvm.Types(context)
      expect(llvm.constIntValue(llvm.constInt(i8, 255))).toBe(-1n)
      expect(llvm.constIntValue(llvm.constInt(i64, -(2n ** 63n)))).toBe(-(2n ** 63n))
      expect(llvm.constIntValue(llvm.constInt(i64, 2 ** 40))).toBe(2n ** 40n)
      expect(llvm.constIntValue(llvm.constInt(i128, 1))).toBeUndefined()
    })
  })

  it('reads and removes attributes of functions and parameters', () => {
    withIr('define void @f(i8 signext %a) noinline "k"="v" { ret void }', module => {
      const f = module.function('f')!
      const { Function: FN } = llvm.AttributeIndex
      expect(llvm.hasAttribute(f, 'noinline')).toBe(true)
      expect(llvm.hasAttribute(f, 'signext', llvm.parameterIndex(0))).toBe(true)
      expect(llvm.stringAttributeValue(f, 'k')).toBe('v')
      expect(llvm.attributesAt(f, FN).map(llvm.attributeText)).toContainEqual({ key: 'k', value: 'v' })
      llvm.removeAttribute(f, FN, 'noinline')
      llvm.removeStringAttribute(f, 'k')
      llvm.addAttribute(f, FN, llvm.stringAttribute(module.context, 'target-cpu', 'x86-64-v3'))
      expect(module.print()).toContain('attributes #0 = { "target-cpu"="x86-64-v3" }')
      expect(() => llvm.attributeKind('nonsense')).toThrow(RangeError)
    })
  })

  it('gives sizes and offsets under the data layout', () => {
    withIr('target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"', module => {
      const layout = new llvm.DataLayout(module)
      const types = new llvm.Types(module.context)
      const struct = types.struct([types.i8, types.fp128, types.i16])
      expect([layout.size(struct), layout.alignment(struct), layout.offset(struct, 1)]).toEqual([48, 16, 16])
      expect(layout.storeSize(types.integer(17))).toBe(3)
    })
  })
})

describe('the library', () => {
  const before = process.env.FERRY_LIBLLVM
  afterEach(() => {
    if (before === undefined) delete process.env.FERRY_LIBLLVM
    else process.env.FERRY_LIBLLVM = before
  })

  it('is version 22', () => expect(llvm.llvmVersion()).toMatch(/^22\./))

  it('says where it was looked for when it is missing', async () => {
    process.env.FERRY_LIBLLVM = '/nowhere/libLLVM.so'
    const { loadLibrary } = await import('../../../analyzer/llvm/library.ts')
    expect(() => loadLibrary()).toThrow(FerryError)
    expect(() => loadLibrary()).toThrow(/libLLVM 22 not found .*\/nowhere\/libLLVM\.so.*apt install libllvm22/)
  })
})
