"""Named checks: of the evidence room (`checks`), its series (`series`), what has no source (`sources`)."""
