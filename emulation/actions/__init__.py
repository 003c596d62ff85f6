from emulation.actions.cases import advance, record_look

__all__ = ["advance", "record_look"]
