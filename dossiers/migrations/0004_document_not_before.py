from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("dossiers", "0003_attachment_removed"),
    ]

    operations = [
        migrations.RenameField(
            model_name="document", old_name="queued_until", new_name="not_before"
        ),
    ]
