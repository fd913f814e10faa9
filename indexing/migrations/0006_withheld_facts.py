"""Facts may be withheld, and what waits for people, or was decided by them, is found at once."""

from django.db import migrations, models
from django.db.models import Q

STATUSES = [
    ("proposed", "Proposed"),
    ("accepted", "Accepted"),
    ("rejected", "Rejected"),
    ("superseded", "Superseded"),
    ("withheld", "Withheld"),
]
WAITING = Q(status="proposed", source="machine", parent=None)
DECIDED = Q(status__in=("accepted", "rejected"), source="machine", parent=None, reviewer__isnull=False)
INDEXES = {"fact_waiting": WAITING, "fact_withheld": Q(status="withheld"), "fact_decided": DECIDED}


class Migration(migrations.Migration):
    dependencies = [("indexing", "0005_run_progress")]

    operations = [
        migrations.AlterField(
            model_name="annotation",
            name="status",
            field=models.CharField(choices=STATUSES, default="proposed", max_length=10),
        ),
        migrations.AlterField(
            model_name="review",
            name="decision",
            field=models.CharField(choices=STATUSES, max_length=10),
        ),
        *(
            migrations.AddIndex(
                model_name="annotation",
                index=models.Index(fields=["kind", "asset"], condition=condition, name=name),
            )
            for name, condition in INDEXES.items()
        ),
    ]
