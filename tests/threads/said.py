"""Texts of which it is known what the guardrails say to them."""

PLAIN = "I start low and wait for two weeks."
STAFF_PLAIN = "Thank you, I will look that up and come back."
BLOCKED = "NHS number 943 476 5919, if you want to look her up."
HELD = "He was admitted on 14 March 2026 with oedema."  # by the moderators; privacy must know
ROUTED = "A patient on Ortelvane turned out to be pregnant at the second visit."  # to safety
STAFF_HELD = "Ortelvane works better than sacubitril/valsartan."  # by medical
STAFF_BLOCKED = "Ortelvane is completely safe in the elderly."
STAFF_ADVISED = "This was presented at ESC last summer."  # a congress without its abstract
URGENT = "I need advice right now, pressure 70 and falling."  # advised; the moderators must know
OFF_LABEL = "Has anyone tried Ortelvane in HFpEF?"  # to medical information, which answers
