from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NAMES = {"ready": "claimed", "ended": "gone"}


def rename(apps: Any, names: dict[str, str]) -> None:
    Sandbox = apps.get_model("sandbox", "Sandbox")
    for old, new in names.items():
        Sandbox.objects.filter(state=old).update(state=new)


def forwards(apps: Any, schema_editor: Any) -> None:
    rename(apps, NAMES)
    Sandbox = apps.get_model("sandbox", "Sandbox")
    Sandbox.objects.filter(state="claimed").update(claimed_at=models.F("created_at"))
    # PostgreSQL changes no table of which it has yet to check the foreign keys.
    schema_editor.connection.check_constraints()


def backwards(apps: Any, schema_editor: Any) -> None:
    # The first schema has no pool and nothing half-ended: the keeper removes their containers.
    Sandbox = apps.get_model("sandbox", "Sandbox")
    Sandbox.objects.filter(owner=None).delete()
    Sandbox.objects.filter(state__in=["ready", "ending"]).delete()
    rename(apps, {new: old for old, new in NAMES.items()})


class Migration(migrations.Migration):
    dependencies = [
        ("sandbox", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("sandbox", "one_live_sandbox_a_learner"),
        migrations.AddField("sandbox", "image", models.CharField(blank=True, max_length=200)),
        migrations.AddField(
            "sandbox", "claimed_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AlterField(
            "sandbox",
            "owner",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="sandboxes",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "sandbox",
            "state",
            models.CharField(
                choices=[
                    ("starting", "Starting"),
                    ("ready", "Ready"),
                    ("claimed", "Claimed"),
                    ("ending", "Ending"),
                    ("gone", "Gone"),
                    ("failed", "Failed"),
                ],
                default="starting",
                max_length=10,
            ),
        ),
        migrations.RunPython(forwards, backwards),
        migrations.AddConstraint(
            "sandbox",
            models.UniqueConstraint(
                condition=models.Q(("state__in", ["starting", "claimed"])),
                fields=("owner",),
                name="one_live_sandbox_a_learner",
            ),
        ),
        migrations.AddConstraint(
            "sandbox",
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(owner__isnull=True),
                name="the_pool_belongs_to_nobody",
            ),
        ),
    ]
