"""The page of the experiments: a table and a picture of each, with what the texts measured."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from matplotlib.ticker import EngFormatter, LogLocator, NullFormatter

# What the texts report for their GPU, in seconds: one product of 3000 x 3000, cos and f of
# 5e7 numbers, compiled.
TEXTS = {("product", "jit"): 0.0198, ("cos", "jnp"): 0.0018, ("f", "jit"): 0.0470}
TITLES = {
    "product": "Product of two square matrices",
    "chain": "Product, sum and exponential, chained",
    "cos": "cos of a long array",
    "f": "f(x) = cos 2x² + √|x| + 2 sin x⁴ - x²",
    "f by size": "f by the length of x",
    "pricer": "Option pricer, 20 steps",
}
_COLOURS = {
    "numpy": "#666666",
    "jnp": "#E69F00",
    "jit": "#0072B2",
    "numpy loop": "#000000",
    "numba": "#009E73",
    "jit blocked": "#D55E00",
    "reference": "#56B4E9",
}


def write(folder: Path, result: dict[str, Any]) -> None:
    """Write experiments.md and experiments.png into the folder."""
    draw(folder / "experiments.png", result)
    (folder / "experiments.md").write_text("\n".join(_page(result)) + "\n", encoding="utf-8")


def whole_s(record: dict[str, Any]) -> float:
    """Seconds of the whole work, of which a part may have been timed."""
    return record["median_s"] * (record["work"] / record["size"] if record["work"] else 1)


def _page(result: dict[str, Any]) -> Iterator[str]:
    yield "# The experiments, measured\n"
    about = ", ".join(f"{name} {value}" for name, value in result["machine"].items())
    yield f"Made by `make bench` on: {about}.\n"
    if result["quick"]:
        yield "**Small sizes, to try the programs out: no figures to quote.**\n"
    yield (
        "Times are medians of the calls after the first; *first call* is what that took longer "
        "(compilation); *memory* is the peak of the process, the libraries included. *Speedup* is "
        "over NumPy in the same dtype.\n"
    )
    yield "![Times by style](experiments.png)\n"
    for experiment, title in TITLES.items():
        records = [r for r in result["measured"] if r["experiment"] == experiment]
        if records:
            yield f"## {title}\n"
            yield "| style | dtype | size | device | time | speedup | first call | memory | texts' GPU |"
            yield "|---|---|---|---|---|---|---|---|---|"
            yield from (_row(record, records) for record in records)
            yield ""


def _row(record: dict[str, Any], records: list[dict[str, Any]]) -> str:
    size = record["work"] or record["size"]
    head = f"| {record['style']} | {record['dtype']} | {size:,} | {record['device']} |"
    if error := record.get("error"):
        return f"{head} {error} | | | | |"
    base = [
        r
        for r in records
        if r["style"] == "numpy"
        and r["dtype"] == record["dtype"]
        and r["size"] == size
        and "error" not in r
    ]
    speedup = f"{whole_s(base[0]) / whole_s(record):.2g}" if base else ""
    text_s = TEXTS.get((record["experiment"], record["style"]))
    comparable = record["dtype"] == "float32" and size in (3000, 50_000_000)
    text = _time(text_s) if text_s and comparable else ""
    part = f" (from {record['size']:,})" if record["work"] else ""
    return (
        f"{head} {_time(whole_s(record))}{part} | {speedup} | {_time(record['compile_s'])} "
        f"| {record['peak_mb']:.0f} MiB | {text} |"
    )


def _time(seconds: float) -> str:
    return EngFormatter("s", places=None if seconds == 0 else 1)(seconds)


def draw(path: Path, result: dict[str, Any]) -> None:
    """The times by style, and lines where the size varies."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    good = [r for r in result["measured"] if "error" not in r]
    shown = [e for e in TITLES if any(r["experiment"] == e for r in good)]
    figure = Figure(figsize=(9, 2.4 * len(shown)), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)
    for axes, experiment in zip(
        figure.subplots(len(shown), 1, squeeze=False)[:, 0], shown, strict=True
    ):
        records = [r for r in good if r["experiment"] == experiment]
        (_lines if experiment == "f by size" else _dots)(axes, records)
        axes.set_title(TITLES[experiment], fontsize=10, loc="left")
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    figure.savefig(path)


def _dots(axes: Any, records: list[dict[str, Any]]) -> None:
    for height, record in enumerate(records):
        seconds = whole_s(record)
        axes.plot(seconds, height, "o", color=_COLOURS[record["style"]])
        axes.annotate(
            _time(seconds),
            (seconds, height),
            (8, 0),
            textcoords="offset points",
            fontsize=8,
            va="center",
        )
    names = [f"{r['style']}, {r['dtype']}, {r['device']}" for r in records]
    axes.set_yticks(range(len(names)), names)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(EngFormatter("s"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.margins(x=0.15, y=0.1)
    axes.grid(axis="y", linewidth=0.4)
    axes.invert_yaxis()
    axes.tick_params(labelsize=8)


def _lines(axes: Any, records: list[dict[str, Any]]) -> None:
    for kind in dict.fromkeys((r["style"], r["dtype"], r["device"]) for r in records):
        line = [r for r in records if (r["style"], r["dtype"], r["device"]) == kind]
        dash = "-" if kind[1] == "float32" else "--"
        marker = "o" if kind[2] == "cpu" else "^"
        x, y = [r["size"] for r in line], [r["median_s"] for r in line]
        axes.loglog(x, y, dash, marker=marker, color=_COLOURS[kind[0]], label=", ".join(kind))
    axes.legend(fontsize=8)
    axes.set_xlabel("length of x", fontsize=8)
    axes.yaxis.set_major_formatter(EngFormatter("s"))
