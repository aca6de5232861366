
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('face', models.CharField(max_length=10)),
                ('kind', models.CharField(max_length=40)),
                ('ref', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=300)),
                ('text', models.TextField(blank=True)),
                ('url', models.CharField(max_length=300)),
                ('updated_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('face', 'kind', 'ref'), name='one_search_entry_per_thing')],
            },
        ),
        migrations.CreateModel(
            name='SearchAudience',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='audiences', to='search.searchentry')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('entry', 'name'), name='one_search_audience_each')],
            },
        ),
    ]
