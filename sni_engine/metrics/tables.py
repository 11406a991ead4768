"""A report as readable tables in Markdown, as in docs/results.md."""

from typing import Any

READABLE = 0.3  # skill of the yardstick below which a factor stays out of the table


def format_report(report: dict[str, Any]) -> str:
    """Return the tables of a report of `measure_model`."""
    model, plan = report["model"], report["plan"]
    parts = [f"## {model['name']}, {model['resolution_px']} px, seen by {report['features']['name']}"]
    formats = {
        "path_length": _path_length,
        "separability": _separability,
        "frechet": _frechet,
        "locality": _locality,
        "levels": _levels,
    }
    for name, form in formats.items():
        if name in report:
            skipped = report[name].get("skipped")
            parts.append(f"{name}: skipped, {skipped}." if skipped else form(report[name]))
    parts.append(f"Seed {plan['seed']}, on {report['device']}.")
    return "\n\n".join(parts) + "\n"


def format_table(head: list[str], rows: list[list[str]]) -> str:
    """Return one table; the first column is text, the others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _path_length(found: dict[str, Any]) -> str:
    rows = [[name.replace("_", ", "), f"{item['mean']:.1f} ± {item['error']:.1f}"] for name, item in found.items()]
    return format_table(["path", "length"], rows)


def _separability(found: dict[str, Any]) -> str:
    rows = []
    for space in ("z", "w", "w_style"):
        item = found[space]
        rows.append([space, f"{item['score']:.4g}", f"{item['bits_per_attribute']:.3f}", f"{item['as_published']:.4g}"])
    head = ["codes", f"separability over {found['attributes']} attributes", "bits per attribute", "on fitted faces"]
    return format_table(head, rows)


def _frechet(found: dict[str, Any]) -> str:
    row = [found["real"], f"{found['distance']:.3f}", f"{found['precision']:.3f}", f"{found['recall']:.3f}"]
    return format_table(["compared with", "Fréchet distance", "precision", "recall"], [row])


def _locality(found: dict[str, Any]) -> str:
    rows = []
    for name, edit in found.items():
        if "inside" not in edit:
            continue
        numbers = [edit[key] for key in ("inside", "outside", "ratio", "mean_ratio", "ratio_5", "squared_ratio")]
        kept = [_list_shares(edit["kept"], edit["moved"]), _list_shares(edit["surely_kept"], {})]
        rows.append([name, *("" if number is None else f"{number:.2f}" for number in numbers), *kept])
    ratios = ["ratio", "mean ratio", "5 % quantile", "squared ratio"]
    return format_table(["redrawn", "ΔE inside", "outside", *ratios, "kept", "kept where sure"], rows)


def _list_shares(shares: dict[str, float], moved: dict[str, float]) -> str:
    moves = {label: f" (moves {move:.1f}°)" for label, move in moved.items()}
    return ", ".join(f"{label} {100 * share:.0f} %{moves.get(label, '')}" for label, share in shares.items())


def _levels(found: dict[str, Any]) -> str:
    factors = [row for row in found["factors"] if row["skill"] >= READABLE]
    if not factors:
        return "The yardstick reads no factor well enough for a table of levels."
    columns = list(factors[0]["changes"])
    rows = [[row["name"], *(f"{row['changes'][name]:.2f}" for name in columns)] for row in factors]
    return format_table(["factor", *columns], rows)
