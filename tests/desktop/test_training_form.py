"""The form of a new run: everything shown and exact, problems listed and linked, starts only what is sound."""

import math
import shlex
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sni_desktop.activities.training_data import DataNow, PictureWish
from sni_desktop.preferences.dialog import Page, SettingsDialog
from sni_desktop.preferences.training_form import draft as drafts
from sni_desktop.preferences.training_form.draft import Unread
from sni_desktop.preferences.training_form.editors import (
    ListEdit,
    NumberEdit,
    SwitchEdit,
    read_list,
    read_number,
    write_number,
)
from sni_desktop.preferences.training_form.forecast import describe, list_details, say_seconds
from sni_desktop.preferences.training_form.form import TrainingForm
from sni_desktop.theme import Theme
from sni_engine.api.forecast import Forecast, Need, Phase
from sni_engine.api.train_presets import PRESETS, PURPOSES
from sni_engine.api.train_requests import DeviceState, PicturesChecked
from sni_engine.api.train_shapes import loosen
from sni_engine.api.training import TrainConfig

from .fakes import child

GOOD = Forecast(
    pictures="512 portraits, all stored",
    device="CPU",
    phases=(Phase("training", 8000, 40.0),),
    memory=(Need("memory", "main memory", 400 * 2**20, 2**33),),
    disk=(Need("disk", "the run", 5 * 2**20, 2**34),),
    notes=("A note.",),
)


@pytest.fixture
def form(theme: Theme, qtbot: QtBot, tmp_path: Path) -> TrainingForm:
    form = TrainingForm(theme, tmp_path / "runs")
    qtbot.addWidget(form)
    form.resize(740, 640)
    form.show()
    return form


def listen(form: TrainingForm) -> dict[str, list[tuple[object, ...]]]:
    """Return what each signal says, as it says it."""
    told: dict[str, list[tuple[object, ...]]] = {}
    for name in ("started", "resume_asked", "pictures_wanted", "forecast_wanted", "forecast_cancelled", "left"):
        told[name] = []
        getattr(form, name).connect(lambda *values, name=name: told[name].append(values))
    return told


def button(form: TrainingForm, name: str) -> QPushButton:
    found = form.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def text_of(form: TrainingForm, name: str) -> str:
    found = form.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def read_widgets(form: TrainingForm) -> dict[str, object]:
    """Return the values of a form as its widgets hold them, not as it remembers them."""
    values: dict[str, object] = {}
    for name, row in form.rows.items():
        editor = row.editor
        if isinstance(editor, QComboBox):
            values[name] = editor.currentData()
        elif isinstance(editor, SwitchEdit):
            values[name] = editor.isChecked()
        elif isinstance(editor, ListEdit):
            values[name] = read_list(editor.text())
        else:
            values[name] = read_number(editor.lineEdit().text(), row.field.kind == "whole")
    path = form.findChild(QLineEdit, "data")
    assert isinstance(path, QLineEdit)
    return {**values, "data": path.text()}


def type_into(form: TrainingForm, name: str, text: str) -> None:
    """Type as a person does."""
    form.focus_field(name)
    editor = form.rows[name].editor
    line = editor.lineEdit() if isinstance(editor, NumberEdit) else editor
    assert isinstance(line, QLineEdit)
    line.selectAll()
    QTest.keyClicks(line, text)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_shown_exactly_and_has_no_problems(form: TrainingForm, name: str) -> None:
    form._set(drafts.choose_preset(form.draft, name))
    assert form.problems == ()
    assert TrainConfig(**read_widgets(form)) == PRESETS[name]  # type: ignore[arg-type]
    assert not form.draft.changed
    assert shlex.split(form.write_command())[:4] == ["sni", "train", "--preset", name]


@pytest.mark.parametrize("seed", range(12))
def test_any_settings_are_shown_exactly(
    form: TrainingForm, seed: int, draw_config: Callable[[int], TrainConfig]
) -> None:
    config = draw_config(seed)
    form.show_config(config, "portraits-64")
    assert TrainConfig(**read_widgets(form)) == config  # type: ignore[arg-type]
    assert form.draft.wishes == loosen(config)


def test_every_setting_has_a_place_with_range_and_help(form: TrainingForm) -> None:
    assert {*form.rows, "data"} == {item.name for item in fields(TrainConfig)}
    for name, row in form.rows.items():
        form.focus_field(name)
        assert row.editor.isVisible() or name == "fit", name  # that is for pictures of one's own
        assert row.editor.toolTip() and row.editor.accessibleName() and row.editor.whatsThis()
        if row.editor.isVisible() and row.editor.isEnabled():
            assert row.field.flag in text_of(form, "field-help")


def test_resolution_and_grid_take_the_layers_with_them(form: TrainingForm) -> None:
    before = form.draft.wishes
    for name, value in (
        ("resolution_px", 256),
        ("cells", 4),
        ("resolution_px", 32),
        ("cells", 8),
        ("resolution_px", 64),
    ):
        form._set(drafts.change(form.draft, name, value))
        assert form.problems == (), (name, value)
        assert getattr(form.draft.wishes, name) == value
    assert form.draft.wishes == before  # trying loses nothing
    assert form.rows["resolution_px"].editor.findData(512) >= 0  # type: ignore[union-attr]
    type_into(form, "cells", "7")
    assert form.problems[0].field == "cells"


def test_what_is_typed_is_kept_and_told_until_it_makes_sense(form: TrainingForm) -> None:
    type_into(form, "batch", "1")
    type_into(form, "images", "many")
    type_into(form, "rate", "2e-3x")
    type_into(form, "widths", "128, 128, eighty")
    blamed = {problem.field for problem in form.problems}
    assert blamed == {"batch", "images", "rate", "widths"}
    assert form.rows["images"].editor.lineEdit().text() == "many"  # type: ignore[union-attr]
    assert form.rows["images"].editor.property("wrong")
    assert not button(form, "start-run").isEnabled() and not button(form, "copy-command").isEnabled()
    links = text_of(form, "problem-links")
    assert links.count("<a href") == 4 and 'href="widths"' in links
    for name, text in (("batch", "8"), ("images", "100 000"), ("rate", "2e-3"), ("widths", "64 64,64, 32")):
        type_into(form, name, text)
    assert form.problems == ()
    assert form.draft.wishes.images == 100_000 and form.draft.wishes.widths == (64, 64, 64, 32)
    assert button(form, "start-run").isEnabled() and not form.rows["images"].editor.property("wrong")
    assert form.draft.changed == {"batch", "images", "widths"}


def test_a_problem_leads_to_its_field(form: TrainingForm, qtbot: QtBot) -> None:
    form._set(drafts.change(form.draft, "seed", -1))
    assert not form.rows["seed"].editor.isVisible()
    link = form.findChild(QLabel, "problem-links")
    assert link is not None
    link.linkActivated.emit("seed")
    assert form.rows["seed"].editor.isVisible()
    qtbot.waitUntil(lambda: form.rows["seed"].editor.hasFocus() or QApplication.focusWidget() is not None)


def test_a_changed_field_goes_back_to_the_preset(form: TrainingForm) -> None:
    form._set(drafts.change(form.draft, "r1", 1.5))
    form._set(drafts.change(form.draft, "style", Unread("x")))
    back = form.findChild(QToolButton, "reset-r1")
    assert back is not None and "0.3" in back.toolTip() and not back.isHidden()
    back.click()
    other = form.findChild(QToolButton, "reset-style")
    assert other is not None
    other.click()
    assert not form.draft.changed and back.isHidden() and not form.problems
    form._set(drafts.change(form.draft, "resolution_px", 128))
    form._set(drafts.reset(form.draft, "resolution_px"))
    assert form.draft.wishes == form.draft.base


def test_folders_and_zips_come_by_drop_and_bring_their_preset(form: TrainingForm, tmp_path: Path) -> None:
    told = listen(form)
    pictures = tmp_path / "my é pictures"
    pictures.mkdir()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(pictures))])
    none, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    form.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, none, keys))
    now = form.draft
    assert (now.source, now.wishes.data, now.preset) == ("folder", str(pictures), "pictures-64")
    assert now.name == "my-é-pictures" and form.problems == ()
    assert told["pictures_wanted"][-1] == (PictureWish(str(pictures), "crop", 64, 0.0),)
    form._set(drafts.choose_preset(form.draft, "cpu-smoke"))  # made for portraits: the recipe follows
    assert form.draft.wishes.recipe == "plain" and form.problems == ()
    form._set(drafts.choose_source(form.draft, "portraits"))
    assert form.draft.wishes == loosen(PRESETS["cpu-smoke"])
    form._set(drafts.choose_source(form.draft, "zip"))
    assert [problem.field for problem in form.problems] == ["data"]
    form._set(drafts.choose_data(form.draft, str(tmp_path / "gone.zip")))
    assert form.draft.source == "zip" and "is not there" in form.problems[0].text


def test_what_the_engine_finds_in_the_pictures_keeps_a_run_from_starting(form: TrainingForm, tmp_path: Path) -> None:
    form._set(drafts.choose_data(form.draft, str(tmp_path)))
    wish = PictureWish(str(tmp_path), "crop", 64, 0.0)
    form.show_data(DataNow(wish))
    assert not button(form, "start-run").isEnabled()  # nobody knows yet
    checked = PicturesChecked(1, 1, ("One picture can be used.",), (), tuple(f"{n}.png: broken" for n in range(9)))
    form.show_data(DataNow(wish, None, checked))
    assert form.problems[0].text == "One picture can be used." and form.problems[0].field == "data"
    assert "9 cannot" in text_of(form, "skipped-files") and "6 more" in text_of(form, "skipped-files")
    form.show_data(DataNow(wish, trouble=("It is no zip file.", "Pack it anew.")))
    assert form.problems[0].text == "It is no zip file. Pack it anew."


def test_a_name_is_suggested_and_a_taken_one_offers_to_resume(form: TrainingForm, tmp_path: Path) -> None:
    told = listen(form)
    run = tmp_path / "runs" / "portraits-64"
    run.mkdir(parents=True)
    (run / "config.json").write_text("{}")
    form._set(drafts.start_draft(tmp_path / "runs"))
    assert form.draft.name == "portraits-64-2" and form.problems == ()
    form._set(drafts.choose_name(form.draft, "portraits-64"))
    assert [problem.field for problem in form.problems] == ["out"]
    assert "Resume it" in text_of(form, "problem-links")
    link = form.findChild(QLabel, "problem-links")
    assert link is not None
    link.linkActivated.emit("resume")
    assert told["resume_asked"] == [(run,)]
    for name in ("", "a/b", "..", "x" * 90, "a:b"):
        form._set(drafts.choose_name(form.draft, name))
        assert [problem.field for problem in form.problems] == ["out"], name


def test_the_form_of_the_next_run_begins_at_its_name_with_the_same_pictures(form: TrainingForm, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    form._set(drafts.choose_folder(drafts.choose_data(form.draft, str(tmp_path / "mine")), tmp_path / "elsewhere"))
    form._set(drafts.change(form.draft, "batch", 24))
    form._predict()
    form.show_forecast(GOOD)
    form.focus_field("seed")
    form._begin()
    form.open_new()
    assert form.draft.wishes.data == str(tmp_path / "mine")
    assert form.draft.folder == tmp_path / "elsewhere"
    assert form.draft.wishes.batch == PRESETS[form.draft.preset].batch
    assert not child(form, QLabel, "forecast-words").isVisible(), "that was predicted of another run"
    assert text_of(form, "field-help").startswith("Go to a field")
    assert form.focusWidget() is form._start.name
    assert form._scroll.verticalScrollBar().value() == 0


def test_another_preset_says_what_it_takes_away_and_can_be_undone(form: TrainingForm) -> None:
    form._set(drafts.change(form.draft, "batch", 24))
    before = form.draft
    form._choose_preset("cpu-smoke")
    assert text_of(form, "field-help").startswith("One setting that you had changed is as in cpu-smoke now.")
    form._help.linkActivated.emit("back")
    assert form.draft == before
    for name, purpose in PURPOSES.items():
        form._choose_preset(name)
        assert f"For {purpose}:" in form._start._about.text()


def test_a_device_that_is_not_there_cannot_be_chosen(form: TrainingForm) -> None:
    devices = (DeviceState("cpu", "CPU", 2**32, 2**34), DeviceState("cuda", "CUDA", problem="It is not there."))
    form.show_data(DataNow(devices=devices, best_device="cpu"))
    box = form.rows["device"].editor
    assert isinstance(box, QComboBox)
    assert box.itemText(0) == "the fastest (CPU)" and "free" in box.itemText(1)
    item = box.model().index(2, 0)
    assert not item.flags() & Qt.ItemFlag.ItemIsEnabled and "not there" in box.itemText(2)
    form._set(drafts.change(form.draft, "device", "cuda"))
    assert [problem.field for problem in form.problems] == ["device"]


def test_start_predicts_first_and_then_starts(form: TrainingForm) -> None:
    told = listen(form)
    form._set(drafts.choose_preset(form.draft, "cpu-smoke"))
    button(form, "start-run").click()
    assert told["forecast_wanted"] == [(PRESETS["cpu-smoke"], form.draft.out)] and not told["started"]
    assert not button(form, "start-run").isEnabled()
    form.show_progress("Measuring some steps", 0.5)
    assert "Measuring" in text_of(form, "forecast-words")
    form.show_forecast(GOOD)
    assert told["started"] == [(PRESETS["cpu-smoke"], form.draft.out, math.inf)]
    config, _, _ = told["started"][0]
    assert type(config) is TrainConfig


def test_who_goes_back_while_it_is_checked_starts_nothing_and_finds_all_again(form: TrainingForm) -> None:
    told = listen(form)
    type_into(form, "batch", "32")
    button(form, "start-run").click()
    button(form, "form-back").click()
    assert len(told["left"]) == len(told["forecast_cancelled"]) == 1
    form.show_forecast(GOOD)
    assert told["started"] == []
    form.open_new()
    assert form.draft.wishes.batch == 32
    button(form, "start-run").click()
    form.show_forecast(GOOD)
    assert len(told["started"]) == 1
    form.open_new()
    assert form.draft.wishes.batch != 32, "another run is another form"


def test_a_prediction_ages_with_every_change_and_is_dropped_when_it_runs(form: TrainingForm) -> None:
    told = listen(form)
    button(form, "predict").click()
    form.show_forecast(GOOD)
    assert "About 3 min" in text_of(form, "forecast-words") and not told["started"]
    form._set(drafts.change(form.draft, "batch", 32))
    assert "Before your last change" in text_of(form, "forecast-words")
    button(form, "start-run").click()
    form._set(drafts.change(form.draft, "batch", 64))
    assert told["forecast_cancelled"] == [()]
    form.show_forecast(GOOD)  # of something else: nobody waits for it to start
    assert not told["started"]


def test_what_a_prediction_finds_is_listed_and_a_broken_one_stops_nobody(form: TrainingForm) -> None:
    told = listen(form)
    button(form, "start-run").click()
    form.show_forecast(replace(GOOD, problems=("Not enough memory.",)))
    assert not told["started"] and form.problems[0].text == "Not enough memory."
    assert not button(form, "start-run").isEnabled() and button(form, "predict").isEnabled()
    form._set(drafts.change(form.draft, "batch", 8))
    button(form, "start-run").click()
    form.show_forecast_failure("The prediction broke off.", "code 9")
    assert "broke off" in text_of(form, "forecast-words") and not told["started"]
    button(form, "start-run").click()
    assert len(told["started"]) == 1


def test_hours_end_a_run(form: TrainingForm) -> None:
    told = listen(form)
    form._set(drafts.change(drafts.choose_budget(form.draft, True), "hours", 1.5))
    button(form, "start-run").click()
    form.show_forecast(GOOD)
    assert told["started"][0][2] == 1.5
    assert "--minutes 90" in form.write_command()
    form._set(drafts.change(form.draft, "hours", 0.0))
    assert [problem.field for problem in form.problems] == ["hours"]


def test_the_command_is_copied(form: TrainingForm) -> None:
    form._set(drafts.change(form.draft, "noise", True))
    button(form, "copy-command").click()
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words == ["sni", "train", "--preset", "portraits-64", "--out", str(form.draft.out), "--noise"]


@pytest.mark.parametrize("value", [0, 9_999, 240_000, 2**63 - 1, 1e-7, 0.1, 2e-3, 1e22, 123456.789])
def test_numbers_read_back_as_they_were(value: float) -> None:
    for grouped in (True, False):
        assert read_number(write_number(value, grouped), isinstance(value, int)) == value


@pytest.mark.parametrize(
    ("text", "whole", "value"),
    [
        ("240,000", True, 240_000),
        ("0,5", False, 0.5),
        (" 1 000", True, 1000),
        ("1.5", True, None),
        ("inf", False, None),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, whole: bool, value: float | None) -> None:
    assert read_number(text, whole) == (Unread(text) if value is None else value)


def test_arrows_step_within_limits(form: TrainingForm) -> None:
    editor = form.rows["variety"].editor
    assert isinstance(editor, NumberEdit)
    editor.stepBy(2)
    assert form.draft.wishes.variety == 0.35
    editor.stepBy(100)
    assert form.draft.wishes.variety == 1
    assert form.problems == ()


def test_return_in_a_field_presses_nothing_and_closes_nothing(theme: Theme, qtbot: QtBot, tmp_path: Path) -> None:
    form, parent = TrainingForm(theme, tmp_path / "runs"), QWidget()
    qtbot.addWidget(parent)
    dialog = SettingsDialog(theme, [Page("training", "Training", "school-outline", lambda: form)], parent)
    dialog.show_page("training")
    pressed: list[object] = []
    for pushed in form.findChildren(QPushButton):
        pushed.clicked.connect(lambda: pressed.append("a button"))
    type_into(form, "batch", "32")
    name = form.findChild(QLineEdit, "out")
    assert name is not None
    for field in (form.rows["batch"].editor, name):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert pressed == [] and dialog.isVisible()
    assert form.draft.wishes.batch == 32


def test_names_of_files_are_shown_as_they_are_written(form: TrainingForm, tmp_path: Path) -> None:
    name = "<b>bold</b>.png"
    (tmp_path / "<i>own").mkdir()
    form._set(drafts.choose_data(form.draft, str(tmp_path / "<i>own")))
    form._set(drafts.choose_folder(form.draft, tmp_path / "<i>own"))
    form.show_data(DataNow(form._wish, checked=PicturesChecked(1, 300, skipped=(f"{name}: broken",))))
    form.show_forecast_failure(f"{name} is in the way.", "")
    told = [label for label in form.findChildren(QLabel) if "<b>" in label.text() or "<i>" in label.text()]
    assert {"skipped-files", "forecast-words"} <= {label.objectName() for label in told}
    plain = [label for label in told if label.objectName() != "problem-links"]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in plain)
    assert not any("<b>" in widget.toolTip() or "<i>" in widget.toolTip() for widget in form.findChildren(QLabel))


def test_predictions_in_words() -> None:
    assert [say_seconds(seconds) for seconds in (12, 600, 9000, 40 * 3600, 80 * 3600)] == [
        *("12 s", "10 min", "2.5 h", "40 h", "3.3 days"),
    ]
    assert "A note." in list_details(GOOD)
    from sni_desktop.preferences.training_form.forecast import Prediction

    assert describe(Prediction(GOOD)) == "About 3 min · 400 MiB of memory · 5 MiB of disk"


def test_the_form_fits_a_small_dialog(form: TrainingForm) -> None:
    assert form.minimumSizeHint().width() <= 760 - 220
    for group in form._groups.values():
        group.unfold()
    assert form.minimumSizeHint().width() <= 760 - 220
