"""How people err: functions from a node of the syntax tree to what may stand in its place."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

Rule = Callable[[ast.AST], Iterator[ast.AST]]


def _both_ways(*pairs: str) -> dict[str, str]:
    """Each word of a pair by the other; of pairs that share a word the first one counts."""
    table: dict[str, str] = {}
    for one, other in (pair.split() for pair in pairs):
        table.setdefault(one, other)
        table.setdefault(other, one)
    return table


_OPERATORS = _both_ways(
    *("Add Sub", "Mult Div", "Pow Mult", "FloorDiv Div", "Mod FloorDiv", "BitAnd BitOr"),
    *("LShift RShift", "Lt LtE", "Gt GtE", "Eq NotEq", "Is IsNot", "In NotIn", "And Or"),
)
_TURNED = _both_ways("Lt Gt", "LtE GtE")
_CONFUSED = _both_ways(
    *("sum mean", "median mean", "prod sum", "std var", "max min", "maximum minimum"),
    *("argmax argmin", "any all", "cumsum cumprod", "zeros ones", "zeros_like ones_like"),
    *("floor ceil", "set add", "multiply set", "sin cos", "sinh cosh", "exp expm1", "log log1p"),
    *("normal uniform", "cdf pdf"),
)
_NARROWER = {
    "float64": "float32",
    "float32": "float16",
    "complex64": "float32",
    "int64": "int32",
    "int32": "int8",
    "uint32": "uint8",
}
_CONVERSIONS = ("asarray", "array", "astype", "device_put")
# Calls that give back something like what they work on, and are forgotten.
_FORGOTTEN = (
    *("abs", "sqrt", "square", "exp", "log", "tanh", "sort", "cumsum", "transpose", "ravel"),
    *("flatten", "stop_gradient", "block_until_ready", "clip", "maximum", "minimum", "tuple"),
    *("list", "copy", "deepcopy", "reversed", "flip", "roll", "float", "int", "round", "vmap"),
)
_OPTIONS = ("axis", "keepdims", "dtype", "mode", "reverse", "ddof", "where")
_NO_DERIVATIVE = ast.parse("__import__('jax').lax.stop_gradient", mode="eval").body


def _changed(node: ast.AST, **fields: object) -> ast.AST:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _called(node: ast.AST) -> str:
    """The last name of what a call calls: `sum` for `jnp.sum(x)` and for `x.sum()`."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
            return name
    return ""


def _input_of(call: ast.Call) -> Iterator[ast.expr]:
    """What a call works on: its first argument, or for a method what has it."""
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="jnp" | "np" | "lax" | "jax"))) | (
            ast.Call(func=ast.Name())
        ):
            yield from (a for a in call.args[:1] if not isinstance(a, ast.Starred))
        case ast.Call(func=ast.Attribute(value=ast.Attribute()), args=[first, *_]):
            yield first  # jax.lax.stop_gradient(x)
        case ast.Call(func=ast.Attribute(value=owner)):
            yield owner


def _constants(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
            if value:
                yield ast.Constant(value - 1)
        case ast.Constant(value=float(value)):
            yield ast.Constant(value * 2 if value else 1.0)


def _operators(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.BoolOp(op=op):
            if other := _OPERATORS.get(type(op).__name__):
                yield _changed(node, op=getattr(ast, other)())
        case ast.Compare(ops=[op]):
            for table in (_OPERATORS, _TURNED):
                if other := table.get(type(op).__name__):
                    yield _changed(node, ops=[getattr(ast, other)()])
        case ast.UnaryOp(operand=operand):
            yield operand


def _operands(node: ast.AST) -> Iterator[ast.AST]:
    """A term or factor that is forgotten, or two in the wrong order."""
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Mult(), right=right):
            yield from (left, right)
        case ast.BinOp(left=left, op=ast.Sub() | ast.Div(), right=right):
            yield from (left, _changed(node, left=right, right=left))
        case ast.BinOp(left=left, op=ast.MatMult() | ast.Pow(), right=right):
            yield _changed(node, left=right, right=left)


def _confusions(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and (other := _CONFUSED.get(_called(node))):
        name = "attr" if isinstance(node.func, ast.Attribute) else "id"
        yield _changed(node, func=_changed(node.func, **{name: other}))


def _dtypes(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Attribute(attr=name) if name in _NARROWER:
            yield _changed(node, attr=_NARROWER[name])
        case ast.Constant(value=str(name)) if name in _NARROWER:
            yield ast.Constant(_NARROWER[name])


def _conversions(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and _called(node) in _CONVERSIONS:
        yield from _input_of(node)
        if _called(node) != "astype" and len(node.args) > 1:
            yield _changed(node, args=node.args[:1])


def _forgotten_calls(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and _called(node) in _FORGOTTEN:
        yield from _input_of(node)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value


def _forgotten_options(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg in _OPTIONS:
                yield _changed(node, keywords=[k for k in node.keywords if k is not keyword])


def _arms(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Call(args=[condition, yes, no, *rest]) if _called(node) in ("where", "cond"):
            yield _changed(node, args=[condition, no, yes, *rest])
            if _called(node) == "where":
                yield from (yes, no)
        case ast.IfExp(body=yes, orelse=no):
            yield _changed(node, body=no, orelse=yes)
            yield from (yes, no)
        case ast.If(orelse=[]):
            yield ast.Pass()


def _bounds(node: ast.AST) -> Iterator[ast.AST]:
    """Ends of slices and ranges that are one too far, or one short."""
    match node:
        case ast.Slice(lower=lower, upper=upper):
            for field, bound in (("lower", lower), ("upper", upper)):
                if bound is not None and not isinstance(bound, ast.Constant):
                    yield from (_changed(node, **{field: off}) for off in _off_by_one(bound))
        case ast.Call(args=[*first, last]) if _called(node) in ("range", "arange", "linspace"):
            if not isinstance(last, ast.Constant | ast.Starred):
                yield from (_changed(node, args=[*first, off]) for off in _off_by_one(last))


def _off_by_one(bound: ast.expr) -> Iterator[ast.expr]:
    yield ast.BinOp(bound, ast.Add(), ast.Constant(1))
    yield ast.BinOp(bound, ast.Sub(), ast.Constant(1))


def _signs(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Return(value=ast.Call() | ast.BinOp() | ast.Name() | ast.Subscript() as value):
            yield ast.Return(ast.UnaryOp(ast.USub(), value))


def _derivatives(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Return(value=ast.Call() | ast.BinOp() | ast.Name() | ast.Subscript() as value):
            yield ast.Return(ast.Call(_NO_DERIVATIVE, [value], []))


def _forgotten_steps(node: ast.AST) -> Iterator[ast.AST]:
    """A step left out that gives a name another value."""
    match node:
        case ast.AugAssign():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            if any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(value)):
                yield ast.Pass()


def _names_of_keys(tree: ast.AST) -> tuple[str, ...]:
    """The names that hold keys: parameters called so, and what `split` and its like gave."""
    names: dict[str, None] = {}
    for node in ast.walk(tree):
        match node:
            case ast.arg(arg=name) if "key" in name:
                names[name] = None
            case ast.Assign(targets=[target], value=ast.Call() as value):
                if _called(value) in ("split", "fold_in", "key", "PRNGKey"):
                    found = (n.id for n in ast.walk(target) if isinstance(n, ast.Name))
                    names.update(dict.fromkeys(found))
    return tuple(names)


def exchanged_keys(tree: ast.AST) -> Rule:
    """The rule for a program with keys: one is used again, or another's."""
    names = _names_of_keys(tree)

    def rule(node: ast.AST) -> Iterator[ast.AST]:
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if name in names:
                yield from (ast.Name(other, ast.Load()) for other in names if other != name)

    return rule


RULES: dict[str, Rule] = {
    "constant": _constants,
    "operator": _operators,
    "operand": _operands,
    "another function": _confusions,
    "narrower dtype": _dtypes,
    "no conversion": _conversions,
    "forgotten call": _forgotten_calls,
    "forgotten option": _forgotten_options,
    "other arm": _arms,
    "off by one": _bounds,
    "sign": _signs,
    "no derivative": _derivatives,
    "forgotten step": _forgotten_steps,
}
