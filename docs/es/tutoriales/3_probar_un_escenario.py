# %% [markdown]
# # 3. Probar un escenario
#
# Proyección condicional, no un pronóstico: qué se seguiría **si** el modelo fuera cierto y cambiara
# una sola cosa. Cada escenario lleva los mismos números al azar que «sin cambio», así que lo que
# difiere es solo lo que se cambió.

# %%
import json
import os

from hidra.charts.words import Words
from hidra.run.projection import what_if
from hidra.scenario import Scenario
from hidra.study.library import library

SORTEOS = int(os.environ.get("HIDRA_SORTEOS", "20"))  # más sorteos, intervalos más firmes

for nombre, listo in list(library().items())[:5]:
    evidencia = Words("es")(f"grade.{listo.grade}")
    print(f"{nombre}: {listo.title.es} (evidencia: {evidencia})")

# %% [markdown]
# ## Uno de la biblioteca y uno propio

# %%
resultados = what_if(
    {
        "biblioteca": library()["half_recruitment"],
        "propio": Scenario(start="2027-01", change={"enforcement": 2.0}),
    },
    posterior="small",
    end="2028-12",
    draws=SORTEOS,
)
print(dict(resultados.sizes))
if not resultados.attrs["trusted"]:
    print("El ajuste de esta distribución no pasó sus pruebas: lea los intervalos con reserva.")

# %% [markdown]
# ## La diferencia, en pares
# Siempre contra «sin cambio» en la misma fecha. Un intervalo que toca el cero es compatible con
# ninguna diferencia.

# %%
from hidra.charts.picture import differences_of
from hidra.scenario.difference import difference

tabla = difference(resultados, json.loads(resultados.attrs["starts"]))
titulos = {"biblioteca": "La mitad del reclutamiento", "propio": "El doble de detenciones"}
nacion = tabla[(tabla["place"] == "00") & (tabla["measure"] == "inegi_homicides_expected")]
for fila in nacion[nacion["year"] == 2028].itertuples():
    print(
        f"{titulos[fila.scenario]}: {fila.rel_p50:+.1%} de personas asesinadas en 2028 "
        f"[90 %: {fila.rel_p05:+.1%} a {fila.rel_p95:+.1%}]"
    )

# %%
differences_of(tabla, titulos)

# %% [markdown]
# Para guardarlo y enseñarlo: `hidra simulate half_recruitment --out mi_corrida`, o la página
# (`hidra serve`, Escenarios).
