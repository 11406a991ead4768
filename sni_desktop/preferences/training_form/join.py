"""Ties the form of a new run to what looks at pictures and what predicts; the form itself knows neither."""

from sni_desktop.activities.training_data import TrainingData
from sni_desktop.preferences.training_form.form import TrainingForm
from sni_desktop.worker.forecasting import Forecaster


def join_form(form: TrainingForm, data: TrainingData, forecaster: Forecaster) -> None:
    """Let the form's questions be answered."""
    form.pictures_wanted.connect(data.look)
    form.look_again_asked.connect(data.look_again)
    data.changed.connect(form.show_data)
    form.forecast_wanted.connect(forecaster.start)
    form.forecast_cancelled.connect(forecaster.cancel)
    forecaster.progressed.connect(form.show_progress)
    forecaster.finished.connect(form.show_forecast)
    forecaster.failed.connect(form.show_forecast_failure)
