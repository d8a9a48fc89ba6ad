from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import migrations, models


def give_an_end(apps: Any, schema_editor: Any) -> None:
    most = timedelta(minutes=settings.SANDBOX_MAX_MINUTES)
    claimed = apps.get_model("sandbox", "Sandbox").objects.filter(state="claimed")
    claimed.update(ends_at=models.F("claimed_at") + most)


class Migration(migrations.Migration):
    dependencies = [("sandbox", "0002_states_and_pool")]

    operations = [
        migrations.AddField("sandbox", "ends_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(give_an_end, migrations.RunPython.noop),
    ]
