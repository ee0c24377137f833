# %% [markdown]
# # 2. Probar una afirmación
#
# Una afirmación necesita datos, nunca el modelo. Cada una dice quién la hizo, qué la pondría en
# duda, y qué respondió cada registro.

# %%
from hidra.claims.ask import data
from hidra.claims.claim import claim, claims
from hidra.claims.run import run
from hidra.claims.words import verdict

print(f"La biblioteca tiene {len(list(claims()))} afirmaciones.")

# %% [markdown]
# ## Una cifra

# %%
una = claim("rate-2018-29")
print("Se dijo:", una.statement["es"])
print("La dijo:", una.said_by)
print("Qué hablaría en contra:", una.against["es"])

with data() as con:
    respuesta = run(con, una)
print("Veredicto:", verdict(respuesta.verdict, "es"))
print(respuesta.why["es"])

# %% [markdown]
# ## Lo que dice cada registro
# La afirmación y las lecturas, en la misma escala. La primera es la que se lee como dice la frase.

# %%
import pandas as pd

from hidra.charts.words import Words
from hidra.report import blocks

lecturas = pd.DataFrame(
    {
        "name": [f"lectura {numero}" for numero in range(len(respuesta.readings))],
        "estimate": [lectura.value for lectura in respuesta.readings],
        "low": None,
        "high": None,
        "main": [numero == 0 for numero in range(len(respuesta.readings))],
    }
).astype({"low": float, "high": float})
titulos = {
    nombre: lectura.named("es")
    for nombre, lectura in zip(lecturas["name"], respuesta.readings, strict=True)
}
bloque = blocks.robustness(
    lecturas, titulos, Words("es"), title=una.statement["es"], subtitle=una.stated.unit,
    source=respuesta.source, claimed=una.stated.value,
)  # fmt: skip
bloque.chart

# %% [markdown]
# ## Otra base, otra respuesta
# «Bajó 40 %» depende de la fuente, del mes en que se empieza y de qué se cuenta. Otra afirmación de
# la biblioteca lo muestra:

# %%
otra = claim("base-month-september-2024")
with data() as con:
    otra_respuesta = run(con, otra)
print(otra.statement["es"])
print("Veredicto:", verdict(otra_respuesta.verdict, "es"))
print(otra_respuesta.why["es"])

# %% [markdown]
# La suya: escriba un archivo YAML como los de la biblioteca y córralo con
# `hidra claims run mi_afirmacion.yaml`.
