from emulation.actions.cases import advance, record_look, record_step

__all__ = ["advance", "record_look", "record_step"]
