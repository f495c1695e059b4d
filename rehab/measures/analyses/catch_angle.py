from typing import ClassVar
from rehab.core.parameters import Parameters
class CatchAngle:
    says = ""; general=False; parameters=Parameters()
    def __init__(self, **p): pass
    def fits(self, s): return False
