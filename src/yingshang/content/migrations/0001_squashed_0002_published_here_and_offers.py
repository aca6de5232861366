import yingshang.squashed
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('content', '0001_content_versions'), ('content', '0002_published_here_and_offers')]

    initial = True

    dependencies = [
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='ContentVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=40)),
                    ('key', models.CharField(max_length=80)),
                    ('number', models.PositiveIntegerField()),
                    ('pack', models.CharField(max_length=80)),
                    ('digest', models.CharField(max_length=64)),
                    ('body', models.JSONField()),
                    ('valid_from', models.DateField()),
                    ('loaded_at', models.DateTimeField()),
                    ('is_current', models.BooleanField(default=True)),
                    ('waits', models.BooleanField(default=False)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('kind', 'key', 'number'), name='one_body_per_version'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('kind', 'key'), name='one_current_version')],
                },
            ), migrations.CreateModel(
                name='ContentOffer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=40)),
                    ('key', models.CharField(max_length=80)),
                    ('pack', models.CharField(max_length=80)),
                    ('digest', models.CharField(max_length=64)),
                    ('body', models.JSONField()),
                    ('offered_at', models.DateTimeField()),
                    ('declined_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='one_offer_per_declaration')],
                },
            )],
        ),
    ]
