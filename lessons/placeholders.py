"""Words that the studio puts where an author's are to come; lint asks for those."""

TASK = {"ja": "（タスクの題名）", "en": "(Title of the task)"}
STEP = {"ja": "新しいステップ", "en": "New step"}
TEXT = {"ja": "ここに説明を書きます。\n", "en": "Write the explanation here.\n"}
