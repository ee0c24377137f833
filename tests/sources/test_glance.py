"""A file is judged by what is in it: renamed files, web pages and broken zips are caught."""

import zipfile
from pathlib import Path

import pytest

from hidra.core.errors import SourceError
from hidra.data.readers import encoding, fold, glance, unpack


def test_columns_are_read_in_either_encoding(tmp_path: Path) -> None:
    header = "Año,Clave_Ent,Entidad,Cve. Municipio\n2015,1,México,1001\n"
    for name in ("utf-8", "windows-1252"):
        file = tmp_path / "whatever.bin"
        file.write_bytes(header.encode(name))
        seen = glance(file)
        assert seen.kind == "csv"
        assert seen.columns == ("Año", "Clave_Ent", "Entidad", "Cve. Municipio")
        assert seen.has("ano", "cve._municipio")
        assert encoding(file) == name


def test_the_main_table_of_a_zip_is_the_largest_that_is_no_catalogue(tmp_path: Path) -> None:
    file = tmp_path / "edition.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("catalogos/de_municipios.csv", "cve,nombre\n" + "01001,A\n" * 900)
        archive.writestr("conjunto_de_datos/datos.csv", "ent_regis,causa_def\n1,X95\n")
    seen = glance(file)
    assert seen.member == "conjunto_de_datos/datos.csv"
    assert seen.columns == ("ent_regis", "causa_def")
    assert unpack(seen.path, seen.member, tmp_path).read_text().startswith("ent_regis")


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html>\r\n<html><body>Esta liga ya no existe</body></html>",
        b"\xef\xbb\xbf  <html lang='es'><title>INEGI</title>",
    ],
)
def test_a_web_page_named_zip_is_refused_with_a_cure(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "conjunto_de_datos_edr2024_csv.zip"
    file.write_bytes(body)
    with pytest.raises(SourceError) as caught:
        glance(file)
    assert "web page" in caught.value.what
    assert file.name in caught.value.where
    assert "Delete it" in caught.value.fix


def test_a_zip_cut_short_is_named(tmp_path: Path) -> None:
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("datos.csv", "ent_regis,causa_def\n" + "1,X95\n" * 5000)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole.read_bytes()[:2000])
    with pytest.raises(SourceError, match="cut short"):
        glance(cut)


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.write_bytes(b"\n")
    with pytest.raises(SourceError, match="empty"):
        glance(file)


def test_names_are_compared_without_case_accents_or_breaks() -> None:
    assert fold(" Bien jurídico afectado ") == "bien_juridico_afectado"
    assert fold("\ufeffAÑO") == "ano"
