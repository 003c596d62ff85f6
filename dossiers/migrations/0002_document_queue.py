from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("dossiers", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="queued_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="document",
            name="started_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
