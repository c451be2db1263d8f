"""ipywidgets work: shown from Lisp, moved by the front end, observed in the kernel, found after a reload."""

from pathlib import Path

import pytest

from .client import Frontend

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def kernel():
    frontend = Frontend(script=Path(__file__).with_name("widget_kernel.py"))
    yield frontend
    frontend.close()


@pytest.fixture(scope="module")
def slider(kernel):
    run = kernel.run("(make-slider)")
    assert run.status == "ok", run.content
    [shown] = run.of("execute_result")
    assert "comm_open" in run.kinds
    return shown["content"]["data"][WIDGET_VIEW]["model_id"]


def move(kernel, slider, value):
    data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
    return kernel.iopub(kernel.send("comm_msg", {"comm_id": slider, "data": data}))


def test_moving_the_slider_runs_the_observer_and_is_seen_by_the_next_cell(kernel, slider):
    messages = move(kernel, slider, 12)
    label = kernel.run("(label-id)").result.strip('"')
    updates = [m for m in messages if m["msg_type"] == "comm_msg" and m["content"]["comm_id"] == label]
    assert updates[0]["content"]["data"]["state"] == {"value": "square=144"}
    assert kernel.run("(slider-value)").result == "12"


def test_open_comms_are_listed_by_target(kernel, slider):
    comms = kernel.reply(kernel.client.comm_info("jupyter.widget"))["content"]["comms"]
    assert slider in comms
    assert kernel.reply(kernel.client.comm_info("another"))["content"]["comms"] == {}


def test_a_reloaded_page_gets_all_states_over_the_control_comm(kernel, slider):
    control = {"comm_id": "reload", "target_name": "jupyter.widget.control", "data": {}}
    kernel.iopub(kernel.send("comm_open", control, metadata={"version": "1.0.0"}))
    asked = kernel.send("comm_msg", {"comm_id": "reload", "data": {"method": "request_states"}})
    [answer] = [m for m in kernel.iopub(asked) if m["content"].get("comm_id") == "reload"]
    assert answer["content"]["data"]["method"] == "update_states"
    assert slider in answer["content"]["data"]["states"]
