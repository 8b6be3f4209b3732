"""Makes epsg-table.txt: every projected and geographic system of the EPSG and Esri registers, as PROJ understands it without grids.

    PROJ_DATA=<folder with proj.db and nothing else> python3 datasets/crs/epsg-table.py > datasets/crs/epsg-table.txt

Lines, tab-separated, in this order:

    V  <EPSG version> <Esri version> <PROJ version>
    N  <name> <geographic code>                           names of geographic systems and datums, EPSG's and Esri's
    G  <code> <ellipsoid and prime meridian> [<unit>]     a geographic system; unit in degrees where it is not 1
    S  <west> <south> <east> <north> <accuracy> <kind> [<seven parameters>]
                                                         how the G above comes to WGS 84 there, in PROJ's order: kind `h` Helmert
                                                         (metres, arc seconds, ppm; position vector), `0` as it is, `b` ballpark (nothing is
                                                         published), `x` something that seven parameters do not express, `~` nothing is published, but a frame of our time or no datum at all: as it is;
                                                         an `o` after it: offshore
    C  <code> <method and parameters>                    a conversion, metres and degrees
    P  <code> <geographic code> <conversion code> [<unit and axes> [<which shifts>]]   counted from 0, `b` for a ballpark offset that the base does not list; all where it does not say
    H  <compound code> <horizontal code>

Codes without a letter in front are EPSG's, `E…` are Esri's.
"""

import math, os, re, sqlite3, sys, warnings
import numpy as np
import pyproj
from pyproj import CRS, Transformer
from pyproj.transformer import TransformerGroup

pyproj.datadir.set_data_dir(os.environ["PROJ_DATA"])
pyproj.network.set_network_enabled(False)
warnings.simplefilter("ignore")
db = sqlite3.connect(os.path.join(os.environ["PROJ_DATA"], "proj.db"))
out = sys.stdout
seconds = math.radians(1 / 3600)


def row(*fields):
    print("\t".join(str(f) for f in fields), file=out)


def short(auth, code):
    return f"{code}" if auth == "EPSG" else f"E{code}"


def number(v):
    return f"{v:.12g}"


def ecef(a, f, lon, lat):
    e2 = f * (2 - f)
    lam, phi = np.radians(lon), np.radians(lat)
    n = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    return np.stack([n * np.cos(phi) * np.cos(lam), n * np.cos(phi) * np.sin(lam), n * (1 - e2) * np.sin(phi)], 1)


def horizontal(lon, lat):
    lam, phi = np.radians(lon), np.radians(lat)
    zero = np.zeros_like(lam)
    east = np.stack([-np.sin(lam), np.cos(lam), zero], 1)
    north = np.stack([-np.sin(phi) * np.cos(lam), -np.sin(phi) * np.sin(lam), np.cos(phi)], 1)
    return east, north


def design(xyz, east, north):
    """Rows of d(east, north)/d(tx ty tz rx ry rz s), rotations in arc seconds, scale in ppm, position vector."""
    x, y, z = xyz.T
    zero, one = np.zeros_like(x), np.ones_like(x)
    columns = [
        np.stack(c, 1)
        for c in (
            (one, zero, zero), (zero, one, zero), (zero, zero, one),
            (zero, -z * seconds, y * seconds), (z * seconds, zero, -x * seconds), (-y * seconds, x * seconds, zero),
            (x * 1e-6, y * 1e-6, z * 1e-6),
        )
    ]
    return np.concatenate([np.stack([(c * d).sum(1) for c in columns], 1) for d in (east, north)])


def published(definition):
    """The parameters of a pipeline with a single forward Helmert step, position vector; None for anything else."""
    steps = [s for s in definition.split("step ") if "proj=helmert" in s]
    if len(steps) != 1 or "inv " in steps[0] or "exact" in steps[0] or "t_epoch" in steps[0]: return None
    if re.search(r"proj=(molobadekas|geogoffset|hgridshift|affine)", definition): return None
    p = dict(kv.split("=") for kv in steps[0].split() if "=" in kv)
    v = [float(p.get(k, 0)) for k in ("x", "y", "z", "rx", "ry", "rz", "s")]
    if p.get("convention") == "coordinate_frame": v[3:6] = [-r if r else 0.0 for r in v[3:6]]
    return v


def unknown(crs):
    """Nothing is published: harmless for geocentric frames of our time and where there is no datum at all, a guess for others."""
    e = crs.ellipsoid
    modern = abs(e.semi_major_metre - 6378137) < 1e-3 and abs(e.inverse_flattening - 298.25722) < 1e-4
    return "~" if modern or crs.name.startswith(("Unspecified", "Unknown", "Popular Vis", "GCS_Sphere")) else "b"


def shift_of(t, crs, pm, unit):
    """(kind, seven parameters or None)"""
    if t.definition.startswith("proj=noop"):
        return (unknown(crs) if "allpark" in t.description else "0"), None
    if "allpark" in t.description:
        return unknown(crs), None
    # Offsets in degrees could be fitted, but not beyond their area.
    if "geogoffset" in t.definition: return "x", None
    west, south, east, north = t.area_of_use.bounds
    if east < west: east += 360
    lons, lats = np.meshgrid(np.linspace(west, east, 7), np.linspace(max(south, -89), min(north, 89), 7))
    lon, lat = lons.ravel(), lats.ravel()
    # In the units and from the meridian of the source.
    ox, oy, _ = t.transform((((lon - pm + 180) % 360) - 180) / unit, lat / unit, np.zeros_like(lon))
    ox, oy = np.asarray(ox), np.asarray(oy)
    if not np.isfinite(ox).all(): return "x", None
    e = crs.ellipsoid
    source = ecef(e.semi_major_metre, 1 - e.semi_minor_metre / e.semi_major_metre, lon, lat)
    target = ecef(6378137.0, 1 / 298.257223563, ox, oy)
    de, dn = horizontal(ox, oy)
    a = design(source, de, dn)
    want = np.concatenate([((target - source) * d).sum(1) for d in (de, dn)])
    v = published(t.definition)
    if v is None:
        v = np.linalg.lstsq(a, want, rcond=1e-12)[0]
    worst = np.abs(a @ np.array(v) - want).max()
    if worst > 0.15:
        return "x", None
    return "h", [float(number(x)) for x in v]


def ellipsoid_text(crs):
    p = crs.to_dict()
    e = crs.ellipsoid
    flat = e.inverse_flattening
    text = f"+a={e.semi_major_metre:.12g} " + (f"+rf={flat:.12g}" if flat else f"+b={e.semi_minor_metre:.12g}")
    known = {"WGS 84": "WGS84", "GRS 1980": "GRS80", "Bessel 1841": "bessel", "International 1924": "intl", "Krassowsky 1940": "krass", "Clarke 1866": "clrk66", "Airy 1830": "airy"}
    if e.name in known: text = f"+ellps={known[e.name]}"
    pm = crs.prime_meridian
    degrees = pm.longitude * pm.unit_conversion_factor * 180 / math.pi
    return text + (f" +pm={degrees:.12g}" if degrees else ""), degrees


row("V", *[v for (v,) in db.execute("select value from metadata where key in ('EPSG.VERSION','ESRI.VERSION','PROJ.VERSION') order by key")])

for name, code, auth in db.execute(
    "select distinct g.name, g.code, g.auth_name from geodetic_crs g where g.auth_name='ESRI' and g.type='geographic 2D' order by 1"):
    row("N", name, short(auth, code))
for name, code in db.execute("select name, code from geodetic_crs where auth_name='EPSG' and type='geographic 2D' and deprecated=0 order by 1"):
    row("N", name, code)
for alias, code in db.execute(
    "select a.alt_name, a.code from alias_name a where a.table_name='geodetic_crs' and a.source='ESRI' and a.auth_name='EPSG' "
    "and a.code in (select code from geodetic_crs where auth_name='EPSG' and type='geographic 2D') order by 1"):
    row("N", alias, code)
# Datums under their names, each with the oldest system that stands on it from Greenwich.
datum_system = {
    datum: code
    for code, datum in db.execute("select code, datum_code from geodetic_crs where auth_name='EPSG' and datum_auth_name='EPSG' and type='geographic 2D' and deprecated=0 order by cast(code as integer) desc")
}
for datum, name in db.execute(
    "select code, name from geodetic_datum where auth_name='EPSG' and prime_meridian_code='8901' union "
    "select a.code, a.alt_name from alias_name a where a.table_name='geodetic_datum' and a.source='ESRI' and a.auth_name='EPSG' order by 2"):
    if datum in datum_system: row("N", name, datum_system[datum])

bases = {}
shift_names, shift_pipelines = {}, {}


def shift_name(description):
    """The datum shift in an operation's description: what is left without projections and axis changes."""
    parts = [p for p in description.split(" + ") if "axis order" not in p and "Inverse of" not in p[:10] or " to " in p]
    return " + ".join(p for p in parts if " to " in p) or description


for auth, code in db.execute("select auth_name, code from geodetic_crs where auth_name in ('EPSG','ESRI') and type='geographic 2D' order by auth_name, cast(code as integer)"):
    try:
        crs = CRS(f"{auth}:{code}")
        if crs.datum is None or len(crs.axis_info) != 2: continue
        text, pm = ellipsoid_text(crs)
        unit = crs.axis_info[0].unit_conversion_factor * 180 / math.pi
        group = TransformerGroup(crs, "EPSG:4326", always_xy=True)
    except Exception as e:
        print(f"{auth}:{code}: {e}", file=sys.stderr)
        continue
    bases[(auth, code)] = True
    shift_names[(auth, code)] = [shift_name(t.description) for t in group.transformers]
    shift_pipelines[(auth, code)] = [t.definition for t in group.transformers]
    row("G", short(auth, code), text, *([number(unit)] if abs(unit - 1) > 1e-9 else []))
    for t in group.transformers:
        if t.area_of_use is None:
            kind, v = shift_of(t, crs, pm, unit) if "noop" in t.definition else ("x", None)
            bounds = (-180, -90, 180, 90)
        else:
            kind, v = shift_of(t, crs, pm, unit)
            bounds = t.area_of_use.bounds
        if t.area_of_use is not None and "- offshore" in t.area_of_use.name: kind += "o"
        while v and not any(v[3:]) and len(v) > 3: v = v[:3]
        row("S", *[number(round(b, 2)) for b in bounds], number(t.accuracy), kind, *[number(x) for x in v or ()])

renamed = {"k": "k_0"}
conversions = {}
lines = []
order = "select auth_name, code, geodetic_crs_auth_name, geodetic_crs_code, conversion_auth_name, conversion_code from projected_crs where auth_name in ('EPSG','ESRI') order by auth_name, cast(code as integer)"
for auth, code, ga, gc, ca, cc in db.execute(order):
    if (ga, gc) not in bases:
        print(f"{auth}:{code}: base {ga}:{gc} is not there", file=sys.stderr)
        continue
    try:
        definition = Transformer.from_crs(f"{auth}:{code}", f"{ga}:{gc}", always_xy=True).definition
    except Exception as e:
        print(f"{auth}:{code}: {str(e)[:80]}", file=sys.stderr)
        continue
    steps = [s.split() for s in definition.replace("proj=pipeline", "").split("step ")]
    steps = [s for s in steps if s]
    unit, axes, projection = "", "", None
    for s in steps:
        p = dict((kv.split("=", 1) + [""])[:2] for kv in s if kv != "inv")
        if p["proj"] == "unitconvert" and projection is None: unit = p["xy_in"]
        elif p["proj"] == "axisswap":
            axes = "".join({"1": "e", "2": "n", "-1": "w", "-2": "s"}[a] for a in p["order"].split(",")) + "u"
        elif projection is None: projection = p
    if projection is None:
        print(f"{auth}:{code}: {definition}", file=sys.stderr)
        continue
    axes = projection.pop("axis", axes)
    for k in ("ellps", "a", "b", "rf", "R", "pm"): projection.pop(k, None)
    text = " ".join("+" + renamed.get(k, k) + (f"={v}" if v else "") for k, v in projection.items())
    key = (ca, str(cc))
    if conversions.setdefault(key, text) != text:
        # The same conversion on another system: spheres and the like.
        key = (ca, f"{cc}-" + str(sum(1 for k in conversions if k[1].split("-")[0] == str(cc))))
        conversions[key] = text
    extra = " ".join(([("+to_meter=" + unit) if re.match(r"[\d.]", unit) else "+units=" + unit] if unit and unit != "m" else []) + ([f"+axis={axes}"] if axes and axes != "enu" else []))
    # Which of the base's shifts PROJ weighs for this system, where they are not all.
    chosen, names = "", shift_names[(ga, gc)]
    if auth == "EPSG" and not all("noop" in d for d in shift_pipelines[(ga, gc)]):
        found = [shift_name(t.description) for t in TransformerGroup(f"{auth}:{code}", "EPSG:4326", always_xy=True).transformers]
        indices = [names.index(n) if n in names else "b" for n in found if n in names or "allpark" in n]
        if len(indices) != len(found) and not all("allpark" in n for n in found if n not in names):
            print(f"{auth}:{code}: {found} of {names}", file=sys.stderr)
        if indices != list(range(len(names))): chosen = ",".join(map(str, indices))
    lines.append(("P", short(auth, code), short(ga, gc), short(*key), *([extra, chosen] if chosen else [extra] if extra else [])))
for (a, c), text in conversions.items(): row("C", short(a, c), text)
# Conversions that no system uses, but a file's own keys may name.
for a, c in db.execute("select auth_name, code from conversion where auth_name='EPSG' order by cast(code as integer)"):
    if (a, str(c)) in conversions: continue
    try:
        operation = pyproj.crs.CoordinateOperation.from_authority(a, c)
        text = pyproj.crs.ProjectedCRS(operation, geodetic_crs=CRS("EPSG:4326")).to_dict()
    except Exception: continue
    for k in ("datum", "units", "no_defs", "type", "ellps"): text.pop(k, None)
    if "proj" not in text: continue
    row("C", c, " ".join(f"+{renamed.get(k, k)}" + ("" if v is True else f"={v}") for k, v in text.items()))
for l in lines: row(*l)
for auth, code, ha, hc in db.execute("select auth_name, code, horiz_crs_auth_name, horiz_crs_code from compound_crs where auth_name='EPSG' order by cast(code as integer)"):
    row("H", code, short(ha, hc))
