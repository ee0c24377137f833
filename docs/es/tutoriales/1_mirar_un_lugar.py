# %% [markdown]
# # 1. Mirar los datos de un lugar
#
# Un cuaderno en celdas: ábralo con Jupyter (Jupytext), con VS Code, o córralo con `python`. No usa
# red: todo lo que muestra viene con hidra. Cada cifra es una persona asesinada o desaparecida.

# %%
import hidra

estudio = hidra.Study.default()
LUGAR = "Guanajuato"

# %% [markdown]
# ## Mes por mes
# La línea se corta donde falta un mes o donde el registro cambia de método; los puntos abiertos
# pueden cambiar todavía o se sabe que cuentan de menos.

# %%
estudio.plot(LUGAR)

# %% [markdown]
# ## En el mapa
# Una tasa por cada 100,000 habitantes y año. Lo rayado no tiene todos sus meses, que no es cero.

# %%
estudio.map(year=2021)

# %% [markdown]
# ## Qué lugar ocupa, y cuánto dice ese lugar
# Cada tasa lleva su intervalo del 90 % y los lugares de la lista que ese intervalo deja abiertos.

# %%
from hidra.charts import cell, interval, series
from hidra.charts.words import Words
from hidra.core.place import find
from hidra.report import blocks
from hidra.study.describe import records

filas = records("inegi_homicides")
tasas = cell.rates(filas[filas["measure"] == "inegi_homicides"], series.population(filas))
lista = interval.rank(tasas[(tasas["year"] == 2021) & (tasas["place"] != "00")])
suyo = lista[lista["place"] == find(LUGAR).code].iloc[0]
print(
    f"{LUGAR}, 2021: {suyo['persons']:,.0f} personas asesinadas, {suyo['rate']:.1f} por 100,000 "
    f"[90 %: {suyo['low']:.1f} a {suyo['high']:.1f}]; lugar {suyo['from']} a {suyo['to']} de 32."
)

# %%
bloque = blocks.sorted_places(
    tasas, Words("es"), year=2021, title="Los 32 estados, 2021",
    measure="Personas asesinadas", source="INEGI, defunciones por homicidio.",
)  # fmt: skip
bloque.chart

# %% [markdown]
# ## Qué se sabe y qué no
# El calendario dice qué registro tiene dato en qué año. Nada llena un hueco.

# %%
medidas = {
    "inegi_homicides": "INEGI: homicidios",
    "sesnsp_homicide_victims": "SESNSP: víctimas de homicidio doloso",
    "rnpdno_missing": "RNPDNO: personas desaparecidas",
}
panel = hidra.data.reference.panel()
suyas = panel[(panel["place"] == find(LUGAR).code) & panel["measure"].isin(list(medidas))]
cuadros = cell.calendar_cells(
    suyas, hidra.table("method_break"), range(2000, 2027), expected=list(medidas)
)
cell.calendar(cuadros, medidas, Words("es"))

# %%
sin_dato = cuadros[cuadros["cell"] == "no_report"].groupby("row")["year"].count()
print("Años sin dato:", sin_dato.to_dict())
