"""How quick a classroom is, always against a baseline measured in the same minute."""
