"""Functions that a lesson's visible checks pass to an answer; notebooks import them from here."""

from jaxercise.inside.standins import fake_call, fake_clock, fake_inputs, program

__all__ = ["fake_call", "fake_clock", "fake_inputs", "program"]
